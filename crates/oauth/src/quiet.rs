//! Values that don't print themselves: what they hold is secret, or speaks of a person. A log line that holds one says what it is, and
//! nothing of what is in it.

/// `Debug` that tells the name of a type and no field of it.
macro_rules! quiet {
    ($($name:ident $(<$life:lifetime>)?),+ $(,)?) => {
        $(impl std::fmt::Debug for $name $(<$life>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })+
    };
}
pub(crate) use quiet;

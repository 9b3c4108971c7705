//! Where signatures are made. RSA takes a millisecond or more, so it is left to threads on which nobody else waits.

use crypto::SigningAlg;

/// Runs `sign`, which makes a signature with `alg`. `None` when the thread that did it is gone: then nothing was signed.
pub(crate) async fn aside<T: Send + 'static>(alg: SigningAlg, sign: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    if alg.is_slow() { tokio::task::spawn_blocking(sign).await.ok() } else { Some(sign()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn slow_signatures_hold_up_nobody() {
        let here = std::thread::current().id();
        for alg in SigningAlg::ALL {
            let there = aside(alg, || std::thread::current().id()).await;
            assert_eq!(there.is_some_and(|there| there != here), alg.is_slow(), "{}", alg.as_str());
        }
    }
}

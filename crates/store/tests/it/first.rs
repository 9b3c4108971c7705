use crate::fixture::*;

#[test]
fn whole() {
    let (home, store) = Home::create();
    let p = someone(&store);
    assert!(store.person(p).unwrap().is_some());
    store.close(NOW).unwrap();
    let r = store::verify_audit(&home.config.database_path(), &root()).unwrap();
    println!("{r:?}");
    let store = home.open();
    assert!(store.person(p).unwrap().is_some());
}

use super::*;

#[test]
fn what_has_no_id_has_a_key() {
    assert_eq!(unnamed("x"), unnamed("x"));
    assert_ne!(unnamed("x"), unnamed("y"));
    assert_eq!(unnamed("x").len(), 17);
}

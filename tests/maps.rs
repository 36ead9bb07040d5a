//! Maps find their keys, however many there are and however alike they look.

use m1c::origin::Origin;
use m1c::value::{Data, Key, Map, Value};

/// Keys of every length, many of them of one length and with the same ends.
fn keys() -> Vec<Key> {
    let texts = (0..600).map(|number| match number % 4 {
        0 => Key::from("k".repeat(number / 4).as_str()),
        1 => Key::from(format!("same_begin_{number:03}_and_same_end").as_str()),
        2 => Key::from(format!("Name{number}").as_str()),
        _ => Key::from(number.to_string().as_str()),
    });
    let integers = (0..100).map(Key::Integer);
    texts.chain(integers).collect()
}

fn number(value: Option<&Value>) -> Option<i64> {
    value.and_then(Value::as_integer)
}

#[test]
fn every_key_has_its_own_value() {
    let keys = keys();
    let mut map = Map::default();
    for (key, value) in keys.iter().zip(0..) {
        map.set(
            key.clone(),
            Value::integer(value, Origin::Default("a test")),
        );
        for (key, value) in keys.iter().zip(0..=value) {
            assert_eq!(number(map.value_of(key)), Some(value), "{key:?}");
        }
    }
    assert_eq!(map.len(), keys.len());
    assert!(map.get("same_begin_999_and_same_end").is_none());
}

#[test]
fn a_key_is_replaced_and_removed() {
    let mut map = Map::default();
    for key in keys() {
        map.set(key, Value::integer(1, Origin::Default("a test")));
    }
    let before = map.len();
    map.set("Name2", Value::integer(2, Origin::Default("a test")));
    assert_eq!((map.len(), number(map.get("Name2"))), (before, Some(2)));
    map.remove(&["Name2"]);
    assert_eq!((map.len(), map.get("Name2")), (before - 1, None));
    assert_eq!(number(map.get("Name6")), Some(1));
    // A text is not the integer that looks like it.
    map.set("7", Value::integer(3, Origin::Default("a test")));
    let integer = map.value_of(&Key::Integer(7)).map(|value| &value.data);
    assert_eq!(integer, Some(&Data::Integer(1)));
}

//! Strings.

use std::time::Duration;

use client::SetOptions;

use crate::kit;

#[test]
fn get_and_set() {
    kit::each(|on| {
        let (client, key) = (&on.client, on.key("s"));
        assert_eq!(client.get::<String>(&key).unwrap(), None);
        client.set(&key, b"\0\xff\r\n").unwrap();
        assert_eq!(client.get::<Vec<u8>>(&key).unwrap().unwrap(), b"\0\xff\r\n");
        assert!(client.get::<String>(&key).unwrap_err().is_decode());
        assert!(!client.set_with(&key, 1, SetOptions::new().nx()).unwrap());
        assert!(client.set_with(&key, 1, Duration::from_secs(100)).unwrap());
        assert_eq!(client.set_get::<i64>(&key, 2, SetOptions::new().keepttl()).unwrap(), Some(1));
        assert_eq!(client.get::<i64>(&key).unwrap(), Some(2));
    });
}

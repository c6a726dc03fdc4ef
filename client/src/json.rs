//! Values that are JSON text, by serde_json. Needs the feature `json`.

use resp::{Arg, Decode, DecodeError, ToArg, ToArgs, View};
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::error::Category;

/// A value that is stored as JSON text: an argument of any command, and what a reply is read into. As a field of a struct
/// it is text too, so that a hash can hold a list. Needs the feature `json`.
///
/// What serde_json cannot write (a map whose keys are no text) makes the call fail before anything is sent. Text that is
/// not JSON, or JSON that is not a `T`, is an error that says where, and never shows the value. More than 128 levels
/// are refused.
///
/// # Example
/// ```
/// use client::Json;
///
/// #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
/// struct User {
///     name: String,
///     languages: Vec<String>,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
/// let ada = User { name: "Ada".into(), languages: vec!["English".into(), "French".into()] };
/// client.set("doc:json", Json(&ada))?;
/// assert_eq!(client.get::<String>("doc:json")?.unwrap(), r#"{"name":"Ada","languages":["English","French"]}"#);
///
/// let user: Option<Json<User>> = client.get("doc:json")?;
/// assert_eq!(user, Some(Json(ada)));
///
/// client.set("doc:json", r#"{"name":"Ada","languages":true}"#)?;
/// let error = client.get::<Json<User>>("doc:json").unwrap_err();
/// assert_eq!(error.to_string(), "GET: expected a sequence, found a JSON boolean at line 1, column 30");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json<T>(pub T);

impl<T: Serialize> ToArg for Json<T> {
    fn to_arg(&self) -> Arg<'_> {
        match serde_json::to_vec(&self.0) {
            Ok(text) => text.into(),
            Err(error) => Arg::Refused(format!("cannot be written as JSON: {error}").into()),
        }
    }
}

impl<T: Serialize> ToArgs for Json<T> {
    fn for_each_arg<'a>(&'a self, each: &mut dyn FnMut(Arg<'a>)) {
        each(self.to_arg());
    }
}

impl<'a, T: Deserialize<'a>> Decode<'a> for Json<T> {
    fn decode(view: View<'a>) -> Result<Self, DecodeError> {
        let text: &'a [u8] = view.decode()?;
        serde_json::from_slice(text).map(Self).map_err(|error| refused(&error))
    }
}

/// As text, so that a field of a hash can hold what has fields itself.
impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(&self.0).map_err(S::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        serde_json::from_str(&text).map(Self).map_err(|error| D::Error::custom(refused(&error)))
    }
}

/// What serde_json says, without the value that it may quote.
fn refused(error: &serde_json::Error) -> DecodeError {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let what = text.strip_suffix(&place).unwrap_or(&text);
    let what = match error.classify() {
        Category::Data => unquoted(what),
        _ => format!("expected JSON, found text that is none ({what})"),
    };
    DecodeError::refused(format!("{what} at line {}, column {}", error.line(), error.column()))
}

/// What a type refused, in our words. Behind `expected` and in the names of fields stands what the program says; all
/// else may be a stranger's.
fn unquoted(what: &str) -> String {
    let wanted = what.rsplit_once(", expected ").map(|(_, wanted)| wanted);
    if let (Some(found), Some(wanted)) = (what.strip_prefix("invalid type: "), wanted) {
        let kind = found.split(['"', '`', ',']).next().unwrap_or_default().trim();
        return format!("expected {wanted}, found a JSON {kind}");
    }
    match what.strip_prefix("missing field ") {
        Some(field) => format!("field {}: expected a value, found nothing", field.trim_matches('`')),
        None => format!("expected {}, found another value", wanted.unwrap_or("what the type takes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only the errors are looked at")]
    struct User {
        name: String,
        born: u16,
        colour: Option<Colour>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Colour {
        Red,
        Green,
    }

    #[track_caller]
    fn check(text: &str, what: &str) {
        let reply = resp::Reply::from_bytes(format!("${}\r\n{text}\r\n", text.len())).unwrap();
        assert_eq!(reply.decode::<Json<User>>().unwrap_err().to_string(), what);
    }

    #[test]
    fn errors_say_where_and_show_no_value() {
        check(r#"{"name":"Ada"}"#, "field born: expected a value, found nothing at line 1, column 14");
        check(r#"{"name":7}"#, "expected a string, found a JSON integer at line 1, column 9");
        check(
            r#"{"name":"Ada","born":"secret, expected x"}"#,
            "expected u16, found a JSON string at line 1, column 41",
        );
        check(r#"{"name":"Ada","born":70000}"#, "expected u16, found another value at line 1, column 26");
        check(
            r#"{"name":"A","born":1,"colour":"secret"}"#,
            "expected `red` or `green`, found another value at line 1, column 38",
        );
        check(r#"{"name":null}"#, "expected a string, found a JSON null at line 1, column 12");
        check("[1]", "expected a string, found a JSON integer at line 1, column 2");
        let none = "expected JSON, found text that is none";
        check("", &format!("{none} (EOF while parsing a value) at line 1, column 0"));
        check("secret", &format!("{none} (expected value) at line 1, column 1"));
    }

    #[test]
    fn what_is_too_deep_is_refused() {
        let text = "[".repeat(100_000);
        let reply = resp::Reply::from_bytes(format!("${}\r\n{text}\r\n", text.len())).unwrap();
        let error = reply.decode::<Json<serde_json::Value>>().unwrap_err().to_string();
        assert!(error.contains("recursion limit"), "{error}");
    }
}

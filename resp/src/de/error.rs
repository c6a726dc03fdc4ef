//! serde's words for what went wrong, in ours: what was wanted, what was found, and never the value.

use std::fmt::Display;

use serde::de::{Error, Expected, IntoDeserializer, Unexpected};

use super::deserializer::Element;
use crate::{DecodeError, View};

impl Error for DecodeError {
    fn custom<T: Display>(why: T) -> Self {
        Self::refused(why.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::unseen(wanted.to_string(), "")
    }

    fn invalid_value(_: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::unseen(wanted.to_string(), " of another value")
    }

    fn invalid_length(len: usize, wanted: &dyn Expected) -> Self {
        Self::count(wanted.to_string(), len)
    }

    fn unknown_variant(_: &str, variants: &'static [&'static str]) -> Self {
        match variants {
            [] => Self::unseen("nothing, for there are no variants".to_owned(), ""),
            [one] => Self::unseen(one.to_string(), " of another value"),
            _ => Self::unseen(format!("one of {}", variants.join(", ")), " of another value"),
        }
    }

    fn unknown_field(name: &str, _: &'static [&'static str]) -> Self {
        Self::refused("expected no such field").at_field(name)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::missing("a value").at_field(name)
    }
}

impl<'de> IntoDeserializer<'de, DecodeError> for View<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Names the element in an error that serde made without seeing it.
pub(super) fn seen<T>(result: Result<T, DecodeError>, element: &Element<'_, '_>) -> Result<T, DecodeError> {
    result.map_err(|error| error.seen(element.view()))
}

//! What the decoders of several families share: fields by their names, and times.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use resp::{DecodeError, DecodeOwned, View};

use super::info::text;

/// The value beside a name.
pub(super) fn find<'a>(view: View<'a>, name: &'static str) -> Result<View<'a>, DecodeError> {
    view.find(name).ok_or_else(|| DecodeError::missing(name))
}

/// A field that every server has.
pub(super) fn field<T: DecodeOwned>(view: View<'_>, name: &'static str) -> Result<T, DecodeError> {
    find(view, name)?.decode().map_err(|error| error.at_field(name))
}

/// A field that older servers lack, or leave open.
pub(super) fn optional<T: DecodeOwned>(view: View<'_>, name: &'static str) -> Result<Option<T>, DecodeError> {
    view.find(name).map_or(Ok(None), View::decode).map_err(|error| error.at_field(name))
}

/// A text that may be no UTF-8, such as a name, which must not make the rest unreadable.
pub(super) fn text_field(view: View<'_>, name: &'static str) -> Result<String, DecodeError> {
    find(view, name).and_then(text).map(Into::into).map_err(|error| error.at_field(name))
}

/// An element of a list that may have more than are known.
pub(super) fn element(view: View<'_>, at: usize) -> Result<View<'_>, DecodeError> {
    view.get(at).ok_or_else(|| match view.kind().is_aggregate() {
        true => DecodeError::elements("a list of more", view),
        false => DecodeError::kind("a list", view),
    })
}

/// Texts that may be no UTF-8.
pub(super) fn texts(view: View<'_>) -> Result<Vec<String>, DecodeError> {
    let texts = view.decode::<Vec<View<'_>>>()?.into_iter().enumerate();
    texts.map(|(at, view)| text(view).map(Into::into).map_err(|error| error.at(at))).collect()
}

/// A time since 1970.
pub(super) fn since_1970(view: View<'_>, time: Duration) -> Result<SystemTime, DecodeError> {
    let out_of_range = || DecodeError::because("a time", view, " that is out of range");
    UNIX_EPOCH.checked_add(time).ok_or_else(out_of_range)
}

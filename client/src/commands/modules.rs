//! The modules of a server: which are loaded, and loading more.

use std::fmt;

use resp::{Decode, DecodeError, DecodeOwned, Reply, Request, ToArg, ToArgs, ToPairs, View};

use super::arguments::any_args;
use super::reply::{optional, text_field};
use crate::Commands;
use crate::execute::Execute;

/// # Modules
impl<E: Execute> Commands<E> {
    /// `MODULE LIST`: the modules that are loaded.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let modules = client.module_list()?;
    /// assert!(modules.iter().any(|module| module.name == "vectorset" && module.ver == 1)); // built in
    /// # Ok(())
    /// # }
    /// ```
    pub fn module_list(&self) -> E::Output<Vec<ModuleInfo>> {
        self.call(Request::new("MODULE LIST"))
    }

    /// `MODULE LOAD`: loads the module in a file of the server's, with arguments if there are any. The server must
    /// allow it: `enable-module-command`.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().module_load("/lib/bloom.so", ["ERROR_RATE", "0.01"]);
    /// assert_eq!(command.args().join(&b' '), b"MODULE LOAD /lib/bloom.so ERROR_RATE 0.01");
    /// assert_eq!(Build::new().module_load("/lib/bloom.so", ()).args().len(), 3);
    /// ```
    pub fn module_load(&self, path: impl ToArg, args: impl ToArgs) -> E::Output<()> {
        self.call(Request::new("MODULE LOAD").arg(&path).with(|r| any_args(r, &args)))
    }

    /// `MODULE LOADEX`: loads the module in a file of the server's, with settings and arguments if there are any (Redis
    /// 7.0). The server must allow it: `enable-module-command`.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().module_loadex("/lib/bloom.so", ("bf.error-rate", 0.5), "x");
    /// assert_eq!(
    ///     command.args().join(&b' '),
    ///     b"MODULE LOADEX /lib/bloom.so CONFIG bf.error-rate 0.5 ARGS x"
    /// );
    /// ```
    pub fn module_loadex(
        &self,
        path: impl ToArg,
        settings: impl ToPairs,
        args: impl ToArgs,
    ) -> E::Output<()> {
        self.call(
            Request::new("MODULE LOADEX")
                .arg(&path)
                .with(|r| configured(r, &settings))
                .with(|r| given(r, &args)),
        )
    }

    /// `MODULE UNLOAD`: unloads a module, by its name in [`module_list`](Self::module_list). One that has types of data
    /// of its own cannot be unloaded.
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert_eq!(client.module_unload("no such module").unwrap_err().code(), Some("ERR"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn module_unload(&self, name: impl ToArg) -> E::Output<()> {
        self.call(Request::new("MODULE UNLOAD").arg(&name))
    }
}

/// What a server knows of a module.
#[derive(Clone)]
#[non_exhaustive]
pub struct ModuleInfo {
    /// Its name.
    pub name: String,
    /// Its version, in the way of its own.
    pub ver: i64,
    /// The file it was loaded from (Redis 7.0); empty if it is part of the server.
    pub path: Option<String>,
    /// The arguments it was loaded with (Redis 7.0).
    pub args: Vec<String>,
    all: Reply,
}

impl ModuleInfo {
    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for ModuleInfo {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            name: text_field(view, "name")?,
            ver: optional(view, "ver")?.unwrap_or_default(),
            path: optional(view, "path")?,
            args: optional(view, "args")?.unwrap_or_default(),
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for ModuleInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ModuleInfo").field(&self.all).finish()
    }
}

/// Adds `CONFIG` before each setting and its value.
fn configured<'a>(mut request: Request<'a>, settings: &'a impl ToPairs) -> Request<'a> {
    let mut pairs = Vec::new();
    settings.for_each_pair(&mut |name, value| pairs.push((name, value)));
    for (name, value) in pairs {
        request = request.arg("CONFIG").arg(name).arg(value);
    }
    request
}

/// Adds `ARGS` and the arguments, if there are any.
fn given<'a>(request: Request<'a>, args: &'a impl ToArgs) -> Request<'a> {
    let mut is_empty = true;
    args.for_each_arg(&mut |_| is_empty = false);
    if is_empty { request } else { request.arg("ARGS").args(args) }
}

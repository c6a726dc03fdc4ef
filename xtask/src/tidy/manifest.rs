//! A TOML file as a flat list of settings, each with its line and the comment that goes with it.
//!
//! Comments are what a TOML library throws away and what we are after. Knows the TOML that people write in manifests;
//! multi-line strings are not in it.

/// `key = value` below `[section]`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Setting {
    pub(crate) line: usize,
    pub(crate) section: String,
    pub(crate) key: String,
    /// As it is written; over several lines if it goes on until a bracket closes.
    pub(crate) value: String,
    /// The comment on its own line, else on the line above.
    pub(crate) comment: String,
}

/// One dependency, however it is written.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Dependency {
    pub(crate) line: usize,
    /// What its list is called: `dependencies`, `dev-dependencies` or `build-dependencies`.
    pub(crate) list: String,
    pub(crate) name: String,
    /// `version`, `workspace`, `package`, `path`…
    fields: Vec<(String, String)>,
    pub(crate) comment: String,
}

impl Setting {
    /// The strings in the value: of an array, all of them.
    pub(crate) fn strings(&self) -> Vec<&str> {
        self.value.split('"').skip(1).step_by(2).collect()
    }
}

impl Dependency {
    /// One field, without quotes.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim_matches('"'))
    }
}

/// Reads all settings, in the order in which they are written.
pub(crate) fn read(text: &str) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    let (mut section, mut above, mut depth) = (String::new(), "", 0);
    for (index, line) in text.lines().enumerate() {
        let (code, comment) = split_comment(line);
        let code = code.trim();
        if depth > 0 {
            depth += balance(code);
            if let Some(open) = settings.last_mut() {
                open.value.push_str(code);
            }
        } else if code.starts_with('[') {
            code.trim_matches(['[', ']']).trim().clone_into(&mut section);
        } else if let Some((key, value)) = code.split_once('=') {
            depth = balance(value);
            settings.push(Setting {
                line: index + 1,
                section: section.clone(),
                key: key.trim().replace('"', ""),
                value: value.trim().into(),
                comment: if comment.is_empty() { above } else { comment }.into(),
            });
        }
        above = if code.is_empty() { comment } else { "" };
    }
    settings
}

/// Puts together what the settings say about dependencies: `a = "1"`, `a.workspace = true`, `[dependencies.a]`.
pub(crate) fn dependencies(settings: &[Setting]) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    for setting in settings {
        let key = format!("{}.{}", setting.section, setting.key);
        let Some((list, rest)) = LISTS.iter().find_map(|list| {
            let start = key.rfind(&format!("{list}."))?;
            let is_whole = start == 0 || key[..start].ends_with('.');
            is_whole.then(|| (*list, &key[start + list.len() + 1..]))
        }) else {
            continue;
        };
        let (name, field) = rest.split_once('.').unwrap_or((rest, ""));
        let fields = match field {
            "" => fields(&setting.value),
            field => vec![(field.to_owned(), setting.value.clone())],
        };
        match found.iter_mut().find(|d| d.name == name && d.list == list && d.line != setting.line) {
            Some(known) if !field.is_empty() => known.fields.extend(fields),
            _ => found.push(Dependency {
                line: setting.line,
                list: list.into(),
                name: name.into(),
                fields,
                comment: setting.comment.clone(),
            }),
        }
    }
    found
}

/// The fields of `"1"` or `{ version = "1", features = ["a", "b"] }`.
fn fields(value: &str) -> Vec<(String, String)> {
    let Some(inner) = value.strip_prefix('{').and_then(|value| value.strip_suffix('}')) else {
        return vec![("version".into(), value.into())];
    };
    let mut parts: Vec<String> = Vec::new();
    for part in inner.split(',') {
        match parts.last_mut().filter(|part| balance(part) > 0) {
            Some(open) => *open += part,
            None => parts.push(part.into()),
        }
    }
    let pairs = parts.iter().filter_map(|part| part.split_once('='));
    pairs.map(|(key, value)| (key.trim().into(), value.trim().into())).collect()
}

/// How many more brackets open than close, outside strings.
fn balance(code: &str) -> i32 {
    let outside = code.split('"').step_by(2).flat_map(str::chars);
    outside.map(|c| if "[{".contains(c) { 1 } else { -i32::from("]}".contains(c)) }).sum()
}

/// A line's code, and its comment without the `#`.
fn split_comment(line: &str) -> (&str, &str) {
    let mut quote = None;
    for (i, c) in line.char_indices() {
        match quote {
            None if c == '#' => return (&line[..i], line[i + 1..].trim()),
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
    }
    (line, "")
}

const LISTS: [&str; 3] = ["dev-dependencies", "build-dependencies", "dependencies"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings() {
        let text = "a = 1\n[s]\n# above\nb = \"x # y\" # beside\n\nc = [\n  \"1\", # one\n  \"2\",\n]\n[[t]]\nd.e = {}\n";
        let lines: Vec<_> = read(text)
            .iter()
            .map(|s| format!("{} {}.{}={} #{}", s.line, s.section, s.key, s.value, s.comment))
            .collect();
        let expected = ["1 .a=1 #", "4 s.b=\"x # y\" #beside", "6 s.c=[\"1\",\"2\",] #", "11 t.d.e={} #"];
        assert_eq!(lines, expected);
        assert_eq!(read(text)[2].strings(), ["1", "2"]);
    }

    #[test]
    fn a_comment_counts_for_the_next_line_only() {
        let comments: Vec<_> =
            read("# why\na = 1\nb = 1\n# far\n\nc = 1").into_iter().map(|s| s.comment).collect();
        assert_eq!(comments, ["why", "", ""]);
    }

    #[test]
    fn dependencies_in_every_spelling() {
        let cases = [
            ("[dependencies]\na = \"1\"", "dependencies", "version", Some("1")),
            ("[dependencies]\na.workspace = true", "dependencies", "workspace", Some("true")),
            (
                "[dependencies]\na.features = []\na.workspace = true",
                "dependencies",
                "workspace",
                Some("true"),
            ),
            ("[dev-dependencies]\na = { workspace = true }", "dev-dependencies", "workspace", Some("true")),
            ("[build-dependencies.a]\nworkspace = true", "build-dependencies", "workspace", Some("true")),
            ("[dependencies.a]\nversion = \"1\"\npackage = \"b\"", "dependencies", "package", Some("b")),
            (
                "[target.'cfg(a.b)'.dependencies]\na = { path = \"../a\" }",
                "dependencies",
                "path",
                Some("../a"),
            ),
            (
                "[workspace.dependencies]\na = { features = [\"x\", \"y\"], package = \"b\" }",
                "dependencies",
                "package",
                Some("b"),
            ),
            ("[dependencies]\na = { version = \"1\" }", "dependencies", "workspace", None),
        ];
        for (text, list, field, expected) in cases {
            let found = dependencies(&read(text));
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((found[0].list.as_str(), found[0].name.as_str()), (list, "a"), "{text}");
            assert_eq!(found[0].field(field), expected, "{text}");
        }
        assert_eq!(dependencies(&read("[package]\nname = \"a\"\n[my-dependencies-not]\na = 1")), []);
        assert_eq!(dependencies(&read("[dependencies]\na = \"1\"\n[dev-dependencies]\na = \"1\"")).len(), 2);
    }
}

//! `cargo xtask connector-page`: the page that embeds the contact centre's panel, for a company's
//! own web server.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::json;
use url::Url;

use crate::{
    setup,
    steps::{Project, announce},
};

/// Builds the page and writes it, with its configuration, into a folder.
pub(crate) fn connector_page(project: &Project, arguments: &[String]) -> Result<()> {
    let wish = Wish::read(arguments)?;
    setup::build_ui(project)?;

    let folder = match wish.out {
        Some(folder) => folder,
        None => emptied(project.root.join("target/connector-page"))?,
    };
    announce(&format!("writing the page to {}", folder.display()));
    copy(&project.ui().join("dist-connector/page"), &folder)?;
    fs::write(folder.join("config.json"), wish.config)?;
    println!(
        "
What to do with it:
  1. Put the files of {folder} on a web server, to be reached by https.
  2. In the Amazon Connect console, open the instance, choose \"Approved origins\" and add the
     scheme and host of that address, e.g. https://phone.example.com.
  3. In the settings of Offhook, choose Amazon Connect with a page of your own, and give the
     address of the page.",
        folder = folder.display()
    );
    Ok(())
}

/// What the command was asked for.
#[derive(Debug)]
struct Wish {
    /// The content of `config.json`.
    config: String,
    out: Option<PathBuf>,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self> {
        let (mut instance, mut login, mut out) = (None, None, None);
        let mut rest = arguments.iter();
        while let Some(option) = rest.next() {
            let value = rest
                .next()
                .with_context(|| format!("{option} needs a value"))?;
            match option.as_str() {
                "--instance" => instance = Some(address(option, value)?),
                "--login-url" => login = Some(address(option, value)?),
                "--out" => out = Some(PathBuf::from(value)),
                _ => bail!("`{option}` is not an option of connector-page"),
            }
        }
        let instance =
            instance.context("say which instance: --instance https://example.my.connect.aws")?;

        let mut config = json!({ "instance": instance });
        if let Some(login) = login {
            config["loginUrl"] = json!(login);
        }
        Ok(Self {
            config: format!("{config:#}\n"),
            out,
        })
    }
}

/// The address if the page takes it: https, or http to this very machine.
fn address(option: &str, value: &str) -> Result<String> {
    let url = Url::parse(value)
        .with_context(|| format!("{option} {value} is not a web address such as https://…"))?;
    let is_local = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    match url.scheme() {
        "https" => {}
        "http" if is_local => {}
        _ => bail!("{option} {value} does not begin with https://"),
    }
    Ok(url.into())
}

fn emptied(folder: PathBuf) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::{Value, json};

    use super::{Wish, copy};

    fn read(arguments: &[&str]) -> Result<Wish, String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Wish::read(&arguments).map_err(|error| error.to_string())
    }

    fn config(arguments: &[&str]) -> Value {
        serde_json::from_str(&read(arguments).unwrap().config).unwrap()
    }

    #[test]
    fn the_configuration_names_the_instance_and_the_login() {
        let instance = ["--instance", "https://example.my.connect.aws"];
        assert_eq!(
            config(&instance),
            json!({ "instance": "https://example.my.connect.aws/" })
        );

        let login = ["--login-url", "https://login.example.com/?to=connect"];
        assert_eq!(
            config(&[instance, login].concat()),
            json!({
                "instance": "https://example.my.connect.aws/",
                "loginUrl": "https://login.example.com/?to=connect",
            })
        );
    }

    #[test]
    fn only_this_machine_may_be_reached_without_encryption() {
        assert_eq!(
            config(&["--instance", "http://127.0.0.1:8080/ccp-v2/"]),
            json!({ "instance": "http://127.0.0.1:8080/ccp-v2/" })
        );
        assert_eq!(
            read(&["--instance", "http://example.my.connect.aws"]).unwrap_err(),
            "--instance http://example.my.connect.aws does not begin with https://"
        );
    }

    #[test]
    fn a_wrong_command_line_is_explained() {
        assert_eq!(
            read(&[]).unwrap_err(),
            "say which instance: --instance https://example.my.connect.aws"
        );
        assert_eq!(
            read(&["--instance"]).unwrap_err(),
            "--instance needs a value"
        );
        assert_eq!(
            read(&["--instance", "example.my.connect.aws"]).unwrap_err(),
            "--instance example.my.connect.aws is not a web address such as https://…"
        );
        assert_eq!(
            read(&["--port", "80"]).unwrap_err(),
            "`--port` is not an option of connector-page"
        );
    }

    #[test]
    fn folders_are_copied_with_what_is_in_them() {
        let from = tempfile::tempdir().unwrap();
        fs::create_dir(from.path().join("assets")).unwrap();
        fs::write(from.path().join("assets/page.js"), "1").unwrap();
        let to = tempfile::tempdir().unwrap();
        let to = to.path().join("new");

        copy(from.path(), &to).unwrap();

        assert_eq!(fs::read_to_string(to.join("assets/page.js")).unwrap(), "1");
    }
}

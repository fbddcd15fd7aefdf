//! `cargo xtask connector-page`: the page that embeds the contact centre's panel, for a company's
//! own web server.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use url::Url;

use crate::{
    setup,
    steps::{Project, announce},
};

const USAGE: &str = "\
Usage: cargo xtask connector-page --instance URL [--login-url URL] [--out DIR]

  --instance URL   the Amazon Connect instance, or its panel if that is elsewhere than usual
  --login-url URL  where agents log in, with single sign-on
  --out DIR        where the page is written to; target/connector-page if it is not given";

/// Builds the page and writes it, with its configuration, into a folder.
pub(crate) fn connector_page(project: &Project, arguments: &[String]) -> Result<()> {
    if let [option] = arguments
        && matches!(option.as_str(), "--help" | "-h")
    {
        println!("{USAGE}");
        return Ok(());
    }
    let wish = Wish::read(arguments)?;
    setup::build_ui(project)?;

    let folder = wish
        .out
        .unwrap_or_else(|| project.root.join("target/connector-page"));
    announce(&format!("writing the page to {}", folder.display()));
    remove_old(&folder)?;
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
            let mut value = || {
                rest.next()
                    .filter(|value| !value.starts_with("--"))
                    .with_context(|| format!("{option} needs a value"))
            };
            match option.as_str() {
                "--instance" => instance = Some(instance_address(option, value()?)?),
                "--login-url" => login = Some(address(option, value()?)?),
                "--out" => out = Some(PathBuf::from(value()?)),
                _ => bail!("`{option}` is not an option of connector-page\n\n{USAGE}"),
            }
        }
        let instance =
            instance.context("say which instance: --instance https://example.my.connect.aws")?;

        let mut config = json!({ "instance": instance.as_str() });
        if let Some(login) = login {
            config["loginUrl"] = json!(login.as_str());
        }
        Ok(Self {
            config: format!("{config:#}\n"),
            out,
        })
    }
}

/// An address with nothing in it but where the panel is: everybody can read the page's configuration.
fn instance_address(option: &str, value: &str) -> Result<Url> {
    let url = address(option, value)?;
    if !url.username().is_empty() || url.password().is_some() {
        bail!("{option} {value} has a user name in it");
    }
    if url.query().is_some() || url.fragment().is_some() {
        bail!("{option} {value} has more than a path after the host");
    }
    Ok(url)
}

/// The address if the page takes it: https, or http to this very machine.
fn address(option: &str, value: &str) -> Result<Url> {
    let url = Url::parse(value)
        .with_context(|| format!("{option} {value} is not a web address such as https://…"))?;
    let is_local = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    match url.scheme() {
        "https" => {}
        "http" if is_local => {}
        _ => bail!("{option} {value} does not begin with https://"),
    }
    Ok(url)
}

/// Removes the scripts and styles of a page that was written here before: theirs have other names. What is
/// not from such a page stays.
fn remove_old(folder: &Path) -> Result<()> {
    let was_written_here = fs::read_to_string(folder.join("config.json"))
        .ok()
        .and_then(|config| serde_json::from_str::<Value>(&config).ok())
        .is_some_and(|config| config.get("instance").is_some());
    let assets = folder.join("assets");
    if was_written_here && assets.is_dir() {
        fs::remove_dir_all(&assets)
            .with_context(|| format!("{} cannot be removed", assets.display()))?;
    }
    Ok(())
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

    use super::{Wish, copy, remove_old};

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
            read(&["--out", "--instance", "https://example.my.connect.aws"]).unwrap_err(),
            "--out needs a value"
        );
        let unknown = read(&["--port", "80"]).unwrap_err();
        assert!(
            unknown.starts_with("`--port` is not an option of connector-page\n\nUsage:"),
            "{unknown}"
        );
    }

    #[test]
    fn an_instance_has_neither_a_user_nor_a_query() {
        for address in [
            "https://ada@example.my.connect.aws",
            "https://:secret@example.my.connect.aws",
        ] {
            assert_eq!(
                read(&["--instance", address]).unwrap_err(),
                format!("--instance {address} has a user name in it")
            );
        }
        for address in [
            "https://example.my.connect.aws/ccp-v2/?a=b",
            "https://example.my.connect.aws/ccp-v2/#a",
        ] {
            assert_eq!(
                read(&["--instance", address]).unwrap_err(),
                format!("--instance {address} has more than a path after the host")
            );
        }
    }

    #[test]
    fn only_an_earlier_page_makes_room() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let old = folder.join("assets/page.js");
        fs::create_dir(folder.join("assets")).unwrap();
        fs::write(&old, "1").unwrap();

        remove_old(folder).unwrap();
        assert!(old.exists());

        fs::write(folder.join("config.json"), "{}").unwrap();
        remove_old(folder).unwrap();
        assert!(old.exists());

        fs::write(folder.join("config.json"), config_file()).unwrap();
        fs::write(folder.join("logo.svg"), "1").unwrap();
        remove_old(folder).unwrap();
        assert!(!old.exists());
        assert!(folder.join("logo.svg").exists());
    }

    fn config_file() -> String {
        read(&["--instance", "https://example.my.connect.aws"])
            .unwrap()
            .config
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

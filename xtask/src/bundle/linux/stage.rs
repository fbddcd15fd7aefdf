//! Every file in the place it has when it is installed, by the File-system Hierarchy Standard.

use std::{fs, path::Path};

use anyhow::Result;

use super::{super::Bundle, releases::releases, tree::Tree};

/// The name under which desktops know the phone.
const ID: &str = "io.github.offhook.Offhook";

/// Lays out everything that all kinds of packages have in common.
pub(super) fn stage(bundle: &Bundle<'_>) -> Result<()> {
    let tree = Tree::new(&bundle.project.shell, bundle.stage())?;
    for name in ["offhook", "offhookctl"] {
        tree.put_program(&bundle.program(name)?, &format!("usr/bin/{name}"))?;
    }
    lay_out_desktop_files(bundle, &tree)?;
    lay_out_icons(bundle, &tree)?;
    lay_out_documentation(bundle, &tree)
}

fn lay_out_desktop_files(bundle: &Bundle<'_>, tree: &Tree<'_>) -> Result<()> {
    let sources = bundle.project.packaging().join("linux");
    let desktop = format!("{ID}.desktop");
    tree.put_data(
        &sources.join(&desktop),
        &format!("usr/share/applications/{desktop}"),
    )?;
    tree.put_data(
        &sources.join("autostart").join(&desktop),
        &format!("etc/xdg/autostart/{desktop}"),
    )?;
    let about = format!("{ID}.metainfo.xml");
    let text = fs::read_to_string(sources.join(&about))?;
    let changelog = fs::read_to_string(bundle.project.root.join("CHANGELOG.md"))?;
    let releases = releases(&changelog, &bundle.version, &bundle.epoch);
    tree.write(
        &format!("usr/share/metainfo/{about}"),
        &text.replace("<releases/>", &releases),
    )
}

/// The drawing, and the pictures of it for places where a drawing is not sharp enough.
fn lay_out_icons(bundle: &Bundle<'_>, tree: &Tree<'_>) -> Result<()> {
    let icons = bundle.project.root.join("icons");
    tree.put_data(&icons.join("app.svg"), &icon("scalable", "svg"))?;
    for entry in fs::read_dir(&icons)? {
        let path = entry?.path();
        if let Some(size) = size(&path) {
            tree.put_data(&path, &icon(size, "png"))?;
        }
    }
    Ok(())
}

fn icon(size: &str, kind: &str) -> String {
    format!("usr/share/icons/hicolor/{size}/apps/{ID}.{kind}")
}

/// `48x48` if that is the name of a picture for one size.
fn size(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?.strip_suffix(".png")?;
    let (width, height) = name.split_once('x')?;
    let is_number = !width.is_empty() && width.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && width == height).then_some(name)
}

fn lay_out_documentation(bundle: &Bundle<'_>, tree: &Tree<'_>) -> Result<()> {
    let packaging = bundle.project.packaging();
    for (source, place) in [
        (packaging.join("linux/debian/copyright"), "copyright"),
        (bundle.project.root.join("CHANGELOG.md"), "changelog"),
        (bundle.notices(), "THIRD-PARTY-NOTICES.txt"),
    ] {
        tree.put_data(&source, &format!("usr/share/doc/offhook/{place}"))?;
    }
    tree.compress("usr/share/doc/offhook/changelog")?;

    for name in ["offhook", "offhookctl"] {
        let page = format!("usr/share/man/man1/{name}.1");
        tree.put_data(&packaging.join(format!("man/{name}.1")), &page)?;
        tree.compress(&page)?;

        let completions = packaging.join("completions");
        for (source, place) in [
            (
                format!("{name}.bash"),
                format!("bash-completion/completions/{name}"),
            ),
            (
                format!("_{name}"),
                format!("zsh/vendor-completions/_{name}"),
            ),
            (
                format!("{name}.fish"),
                format!("fish/vendor_completions.d/{name}.fish"),
            ),
        ] {
            tree.put_data(&completions.join(source), &format!("usr/share/{place}"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::size;

    #[test]
    fn only_pictures_of_one_plain_size_are_icons() {
        assert_eq!(size(Path::new("icons/48x48.png")), Some("48x48"));
        for other in ["128x128@2x.png", "tray-lost.png", "icon.ico", "x.png"] {
            assert_eq!(size(Path::new(other)), None, "{other}");
        }
    }
}

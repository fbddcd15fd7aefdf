//! What both installers write into the registry.

use std::collections::BTreeSet;

use offhook_tests::Content;

/// For everybody.
pub(crate) const MACHINE: &str = "HKEY_LOCAL_MACHINE";
/// For one person.
pub(crate) const PERSON: &str = "HKEY_CURRENT_USER";

/// What was written, but for what each installer notes down for itself.
pub(crate) fn written(content: &Content) -> BTreeSet<String> {
    let own = [r"\Uninstall\", r"\Installer", r#""InstallLocation""#];
    let is_own = |value: &String| own.iter().any(|part| value.contains(part));
    let values = content.registry.iter();
    values.filter(|value| !is_own(value)).cloned().collect()
}

/// What is to be written for a phone in this folder.
pub(crate) fn expected(hive: &str, folder: &str) -> BTreeSet<String> {
    let folder = folder.replace('\\', r"\\");
    let program = format!(r"{folder}\\offhook.exe");
    let mut values = vec![
        (
            r"Offhook\Capabilities",
            r#""ApplicationName"="Offhook""#.to_owned(),
        ),
        (
            r"Offhook\Capabilities",
            r#""ApplicationDescription"="Softphone in the tray""#.to_owned(),
        ),
        (
            r"Offhook\Capabilities\URLAssociations",
            r#""tel"="Offhook.Link""#.to_owned(),
        ),
        (
            r"Offhook\Capabilities\URLAssociations",
            r#""callto"="Offhook.Link""#.to_owned(),
        ),
        (
            r"RegisteredApplications",
            r#""Offhook"="Software\\Offhook\\Capabilities""#.to_owned(),
        ),
        (
            r"Classes\AppUserModelId\io.github.offhook.Offhook",
            r#""DisplayName"="Offhook""#.to_owned(),
        ),
        (
            r"Classes\Offhook.Link",
            r#"@="Telephone number""#.to_owned(),
        ),
        (r"Classes\Offhook.Link", r#""URL Protocol"="""#.to_owned()),
        (
            r"Classes\Offhook.Link\DefaultIcon",
            format!(r#"@="{program},0""#),
        ),
        (
            r"Classes\Offhook.Link\shell\open\command",
            format!(r#"@="\"{program}\" -- \"%1\"""#),
        ),
    ];
    if hive == MACHINE {
        values.push((
            r"Microsoft\Windows\CurrentVersion\Run",
            format!(r#""Offhook"="\"{program}\" --at-login""#),
        ));
    }
    let whole = |(key, value): (&str, String)| format!(r"{hive}\Software\{key} | {value}");
    values.into_iter().map(whole).collect()
}

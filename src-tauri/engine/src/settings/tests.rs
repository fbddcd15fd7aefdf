mod broker;

use std::fs;

use offhook_protocol::Access;
use tempfile::TempDir;

use super::*;

/// A folder with a settings file and a policy that may be there or not.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(settings: &str) -> Self {
        let home = Self::new();
        home.write(settings);
        home
    }

    fn places(&self) -> Places {
        Places {
            settings: self.0.path().join("config/settings.toml"),
            policy: self.0.path().join("policy.toml"),
            logs: self.0.path().join("logs"),
            data: self.0.path().join("data"),
            keychain: false,
            runtime: None,
        }
    }

    fn write(&self, settings: &str) {
        let path = self.places().settings;
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, settings).unwrap();
    }

    fn write_policy(&self, policy: &str) {
        fs::write(self.places().policy, policy).unwrap();
    }

    fn text(&self) -> String {
        fs::read_to_string(self.places().settings).unwrap()
    }

    fn load(&self) -> Settings {
        Settings::load(self.places())
    }

    fn view(&self) -> SettingsView {
        self.load().view().clone()
    }
}

fn quiet() -> SettingsChange {
    SettingsChange {
        sound: Some(false),
        ..SettingsChange::default()
    }
}

fn volume(percent: u8) -> SettingsChange {
    SettingsChange {
        ring_volume: Some(percent),
        ..SettingsChange::default()
    }
}

fn origins(listed: &[&str]) -> SettingsChange {
    let allow = |origin: &&str| AllowedOrigin {
        origin: (*origin).to_owned(),
        access: Access::Control,
    };
    SettingsChange {
        allowed_origins: Some(listed.iter().map(allow).collect()),
        ..SettingsChange::default()
    }
}

#[test]
fn nothing_configured_practises_with_everything_on() {
    let home = Home::new();
    let view = home.view();
    assert!(view.problems.is_empty());
    assert!(view.practice_by_default);
    assert_eq!(view.connector.value, ConnectorKind::Practice);
    assert!(view.notify.value && view.sound.value && view.raise.value);
    assert_eq!(view.ring_device.value, None);
    assert_eq!(view.ring_volume.value, USUAL_VOLUME);
    assert!(!view.start_at_login.value);
    assert_eq!(view.tray_icon.value, TrayIcon::Auto);
    assert!(view.updates_check.value);
    assert_eq!(view.updates_url.value, None);
    assert!(view.allowed_origins.value.is_empty());
    assert!(view.hub_pairing.value);
    assert_eq!(view.hub_ports.value, USUAL_PORTS);
}

#[test]
fn with_a_broken_file_the_phone_starts_and_asks_nobody_for_new_versions() {
    let broken = Home::with("[desktop\n").view();
    assert!(broken.start_at_login.value && !broken.updates_check.value);
}

#[test]
fn a_broken_policy_leaves_login_and_updates_to_nobody_else() {
    let home = Home::with("[desktop]\nstart_at_login = false\n[updates]\ncheck = true\n");
    home.write_policy("[updates]\nchek = false\n");
    let mut settings = home.load();
    let view = settings.view();
    assert!(view.start_at_login.value && !view.updates_check.value);
    assert!(view.start_at_login.locked && view.updates_check.locked);

    let refused = settings.change(&SettingsChange {
        updates_check: Some(true),
        ..SettingsChange::default()
    });
    assert!(refused.unwrap_err().text.contains("administrator"));
}

#[test]
fn a_policy_outranks_a_broken_file() {
    let home = Home::with("[desktop\n");
    home.write_policy("[desktop]\nstart_at_login = false\n[updates]\ncheck = true\n");
    let view = home.view();
    assert!(!view.start_at_login.value && view.updates_check.value);
}

#[test]
fn what_a_broken_file_says_of_login_is_open() {
    let home = Home::with("[desktop]\nstart_at_login = true\n");
    assert_eq!(home.load().entry_at_login(), Some(true));
    // Something is missing, but nothing is broken.
    home.write("connector = \"amazon\"\n");
    assert_eq!(home.load().entry_at_login(), Some(false));
    home.write("[desktop\n");
    assert_eq!(home.load().entry_at_login(), None);
}

#[test]
fn every_key_is_read() {
    let view = Home::with(
        r#"
connector = "practice"
[amazon]
instance = "https://example.my.connect.aws"
way = "page"
page = "https://tools.example.com/offhook/"
[ringing]
notify = false
sound = false
raise = false
device = "Headset"
volume = 0
[desktop]
start_at_login = true
tray_icon = "dark"
[updates]
check = false
url = "https://updates.example.com/latest.json"
[hub]
allowed_origins = [{ origin = "https://crm.example.com", access = "observe" }]
pairing = false
ports = [0]
"#,
    )
    .view();
    assert!(view.problems.is_empty(), "{:?}", view.problems);
    assert!(!view.practice_by_default, "practice was chosen");
    assert_eq!(
        (
            view.amazon_instance.value.as_deref(),
            view.amazon_way.value,
            view.amazon_page.value.as_deref()
        ),
        (
            Some("https://example.my.connect.aws"),
            Way::Page,
            Some("https://tools.example.com/offhook/")
        )
    );
    assert!(!view.notify.value && !view.sound.value && !view.raise.value);
    assert_eq!(view.ring_device.value.as_deref(), Some("Headset"));
    assert_eq!(view.ring_volume.value, 0);
    assert!(view.start_at_login.value);
    assert_eq!(view.tray_icon.value, TrayIcon::Dark);
    assert!(!view.updates_check.value);
    assert_eq!(
        view.updates_url.value.as_deref(),
        Some("https://updates.example.com/latest.json")
    );
    assert_eq!(view.allowed_origins.value[0].access, Access::Observe);
    assert!(!view.allowed_origins.locked);
    assert!(!view.hub_pairing.value);
    assert_eq!(view.hub_ports.value, [0]);
}

#[test]
fn the_documented_files_are_right() {
    let page = include_str!("../../../../docs/settings.md");
    let examples: Vec<_> = page.split("```toml\n").skip(1).collect();
    assert_eq!(examples.len(), 3);
    for example in examples {
        let (text, _) = example.split_once("```").unwrap();
        let view = Home::with(text).view();
        assert!(view.problems.is_empty(), "{:?}", view.problems);
    }
}

fn amazon_connect(way: Way, page: Option<&str>) -> SettingsChange {
    SettingsChange {
        connector: Some(ConnectorKind::Amazon),
        amazon_instance: Some("https://example.my.connect.aws".to_owned()),
        amazon_way: Some(way),
        amazon_page: page.map(str::to_owned),
        ..SettingsChange::default()
    }
}

#[test]
fn each_way_to_amazon_connect_leads_to_its_page() {
    let page = Some("https://tools.example.com/offhook/");
    let panel = "https://example.my.connect.aws/ccp-v2/";
    for (way, page, url, has_media) in [
        (Way::Panel, None, panel, true),
        (Way::Panel, page, panel, true),
        (Way::Page, page, "https://tools.example.com/offhook/", true),
        (Way::Control, None, panel, false),
        (
            Way::Control,
            page,
            "https://tools.example.com/offhook/#media=off",
            false,
        ),
    ] {
        let mut settings = Home::new().load();
        settings.change(&amazon_connect(way, page)).unwrap();
        let setup = settings.amazon().unwrap();
        assert_eq!((setup.url().as_str(), setup.has_media()), (url, has_media));
        assert!(settings.view().problems.is_empty());
    }
}

#[test]
fn the_panel_of_an_old_instance_and_one_that_is_named_are_found() {
    for (instance, panel) in [
        (
            "https://example.awsapps.com",
            "https://example.awsapps.com/connect/ccp-v2/",
        ),
        (
            "https://example.my.connect.aws/ccp-v2/softphone",
            "https://example.my.connect.aws/ccp-v2/softphone",
        ),
    ] {
        let view = format!("connector = \"amazon\"\n[amazon]\ninstance = \"{instance}\"\n");
        let setup = Home::with(&view).load().amazon().unwrap();
        assert_eq!(setup.url().as_str(), panel);
    }
}

#[test]
fn what_is_missing_for_amazon_connect_is_told() {
    let mut settings = Home::with("connector = \"amazon\"\n").load();
    let told = |settings: &Settings| settings.view().problems[0].text.clone();
    assert!(told(&settings).contains("amazon.instance"));
    assert_eq!(settings.amazon(), None);

    settings.change(&amazon_connect(Way::Page, None)).unwrap();
    assert!(told(&settings).contains("amazon.page"));

    let page = SettingsChange {
        amazon_page: Some("https://tools.example.com/".to_owned()),
        ..SettingsChange::default()
    };
    settings.change(&page).unwrap();
    assert!(settings.view().problems.is_empty());
    assert!(settings.amazon().is_some());
}

#[test]
fn a_page_that_calls_must_not_go_through_is_refused() {
    for address in [
        "http://example.my.connect.aws",
        "http://10.0.0.7/ccp",
        "https://agent:secret@example.my.connect.aws",
        "example.my.connect.aws",
        "file:///etc/passwd",
        "https://",
    ] {
        let mut settings = Home::new().load();
        let change = SettingsChange {
            amazon_instance: Some(address.to_owned()),
            ..SettingsChange::default()
        };
        let problem = settings.change(&change).unwrap_err();
        assert!(problem.text.contains("https"), "{}", problem.text);
        let file = format!("[amazon]\npage = \"{address}\"\n");
        let view = Home::with(&file).view();
        assert_eq!(view.problems[0].line, Some(2), "{address}");
    }
}

#[test]
fn a_page_on_this_machine_needs_no_https() {
    for address in [
        "http://127.0.0.1:8080/ccp",
        "http://localhost:8080",
        "http://[::1]:8080",
    ] {
        let file = format!("[amazon]\ninstance = \"{address}\"\n");
        assert!(Home::with(&file).view().problems.is_empty(), "{address}");
    }
}

#[test]
fn new_versions_are_announced_over_https_only() {
    let home = Home::new();
    let mut settings = home.load();
    for address in [
        "http://localhost:8080/latest.json",
        "https://name@updates.example.com/latest.json",
        "latest.json",
    ] {
        let change = SettingsChange {
            updates_url: Some(address.to_owned()),
            ..SettingsChange::default()
        };
        let problem = settings.change(&change).unwrap_err();
        assert!(problem.text.contains("with https"), "{}", problem.text);
        let file = format!("[updates]\nurl = \"{address}\"\n");
        let view = Home::with(&file).view();
        assert_eq!(view.problems[0].line, Some(2), "{address}");
    }
}

#[test]
fn an_empty_device_is_the_systems_default() {
    let view = Home::with("[ringing]\ndevice = \"\"\n").view();
    assert_eq!(view.ring_device.value, None);
}

#[test]
fn the_policy_wins_and_locks_what_it_sets() {
    let home = Home::with("connector = \"practice\"\n[ringing]\nsound = true\nvolume = 10\n");
    home.write_policy("connector = \"none\"\n[ringing]\nsound = false\n");
    let mut settings = home.load();
    let view = settings.view();
    assert_eq!(view.connector.value, ConnectorKind::None);
    assert!(view.connector.locked && view.sound.locked && !view.sound.value);
    assert!(!view.ring_volume.locked);
    assert_eq!(view.ring_volume.value, 10);

    let before = home.text();
    let refused = settings.change(&quiet()).unwrap_err();
    assert!(refused.text.contains("administrator"), "{}", refused.text);
    assert_eq!(home.text(), before);

    settings.change(&volume(20)).unwrap();
    assert_eq!(settings.view().ring_volume.value, 20);
}

#[test]
fn an_administrator_decides_about_login_tray_and_updates() {
    let home = Home::with("[desktop]\nstart_at_login = false\n[updates]\ncheck = true\n");
    home.write_policy(
        "[desktop]\nstart_at_login = true\ntray_icon = \"light\"\n[updates]\ncheck = false\nurl = \"\"\n",
    );
    let mut settings = home.load();
    let view = settings.view();
    assert!(view.start_at_login.value && !view.updates_check.value);
    let usual = SettingsChange::default;
    for change in [
        SettingsChange {
            start_at_login: Some(false),
            ..usual()
        },
        SettingsChange {
            tray_icon: Some(TrayIcon::Dark),
            ..usual()
        },
        SettingsChange {
            updates_check: Some(true),
            ..usual()
        },
        SettingsChange {
            updates_url: Some("https://elsewhere.example".to_owned()),
            ..usual()
        },
    ] {
        let refused = settings.change(&change).unwrap_err();
        assert!(refused.text.contains("administrator"), "{change:?}");
    }
}

#[test]
fn a_policy_that_chooses_practice_is_a_choice() {
    let home = Home::new();
    home.write_policy("connector = \"practice\"\n");
    assert!(!home.view().practice_by_default);
}

#[test]
fn a_broken_policy_is_told_and_not_in_force() {
    let home = Home::with("[ringing]\nvolume = 10\n");
    home.write_policy("[ringing]\nvolume = 30\nsound = \"no\"\n");
    let mut settings = home.load();
    let view = settings.view();
    let [problem] = &view.problems[..] else {
        panic!("{:?}", view.problems)
    };
    assert_eq!(problem.line, Some(3));
    assert!(problem.path.ends_with("policy.toml"));
    assert!(
        problem.text.ends_with(HAVE_IT_MENDED),
        "nobody but the administrator can mend it: {}",
        problem.text
    );
    assert!(!view.ring_volume.locked);
    assert_eq!(view.ring_volume.value, 10);
    settings.change(&volume(20)).unwrap();
}

#[test]
fn a_broken_file_is_told_by_line_and_left_as_it_is() {
    let cases = [
        ("connector = \n", 1, "string"),
        ("# mine\n\nconector = \"none\"\n", 3, "`conector`"),
        ("connector = \"phone\"\n", 1, "`practice`, `amazon`, `none`"),
        ("[ringing]\nnotify = true\nsound = 1\n", 3, "a boolean"),
        ("[ringing]\ntune = \"bell\"\n", 2, "`tune`"),
        ("[ringing]\nvolume = 101\n", 2, "0 to 100"),
        ("[ringing]\nvolume = -1\n", 2, "0 to 100"),
        ("[ringing]\nvolume = 300\n", 2, "0 to 100"),
        ("[ringing]\nsound = true\nsound = false\n", 3, "duplicate"),
        ("[desktop]\nstart_at_login = 1\n", 2, "a boolean"),
        (
            "[desktop]\ntray_icon = \"red\"\n",
            2,
            "`auto`, `light`, `dark`",
        ),
        ("[updates]\nurl = \"http://example.com/\"\n", 2, "https"),
        ("[hub]\nport = 1\n", 2, "`port`"),
        ("[hub]\nports = []\n", 2, "At least one port"),
        ("[hub]\nports = [28711, 70000]\n", 2, "u16"),
        ("[hub]\npairing = 1\n", 2, "a boolean"),
        ("[broker]\nhost = \"mqtt\"\n", 2, "`host`"),
        (
            "[hub]\nallowed_origins = [\n  { origin = \"https://a.example\", access = \"observe\" },\n  { origin = \"https://b.example/\", access = \"observe\" },\n]\n",
            4,
            "https://crm.example.com",
        ),
        (
            "[hub]\nallowed_origins = [\n  { origin = \"https://a.example\", access = \"all\" },\n]\n",
            3,
            "`observe` or `control`",
        ),
    ];
    for (text, line, what) in cases {
        let home = Home::with(text);
        let mut settings = home.load();
        let [problem] = &settings.view().problems[..] else {
            panic!("{text:?} is broken")
        };
        assert_eq!(problem.line, Some(line), "{text:?}: {}", problem.text);
        assert!(problem.text.contains(what), "{text:?}: {}", problem.text);
        assert!(problem.text.ends_with(MEND_IT), "{}", problem.text);
        assert_eq!(settings.view().connector.value, ConnectorKind::Practice);

        let refused = settings.change(&quiet()).unwrap_err();
        assert_eq!(refused.line, Some(line));
        assert_eq!(home.text(), text);
    }
}

#[test]
fn a_file_that_is_no_text_is_told_and_left_as_it_is() {
    let home = Home::with("");
    let path = home.places().settings;
    fs::write(&path, b"connector = \"\xff\"\n").unwrap();
    let mut settings = home.load();
    let problem = settings.view().problems[0].clone();
    assert!(problem.text.starts_with("The file cannot be read"));
    assert!(settings.change(&quiet()).is_err());
    assert_eq!(fs::read(&path).unwrap(), b"connector = \"\xff\"\n");
}

#[test]
fn what_can_never_match_is_no_origin() {
    let bad = [
        "",
        "null",
        "crm.example.com",
        "https://",
        "https://crm.example.com/",
        "https://crm.example.com/app",
        "https://CRM.example.com",
        "HTTPS://crm.example.com",
        "https://crm.example.com:443",
        "http://crm.example.com:80",
        "https://crm.example.com:",
        "https://crm.example.com:99999",
        "https://me@crm.example.com",
        "https://*.example.com",
        "https://*",
        "https://crm.example.com https://b.example",
        " https://crm.example.com",
        "ftp://crm.example.com",
        "file:///crm",
    ];
    let home = Home::new();
    let mut settings = home.load();
    for origin in bad {
        let refused = settings.change(&origins(&[origin])).unwrap_err();
        assert!(refused.text.contains("is not an origin"), "{origin:?}");
    }
    assert!(!home.places().settings.exists());

    let good = [
        "https://crm.example.com",
        "http://localhost:8080",
        "http://127.0.0.1",
        "https://[::1]:8443",
        "https://xn--bcher-kva.example",
    ];
    settings.change(&origins(&good)).unwrap();
    let listed = &settings.view().allowed_origins.value;
    assert!(listed.iter().map(|it| it.origin.as_str()).eq(good));
}

#[test]
fn a_volume_above_a_hundred_is_refused() {
    let home = Home::new();
    let refused = home.load().change(&volume(101)).unwrap_err();
    assert_eq!(refused.text, "The volume must be 0 to 100.");
    assert!(!home.places().settings.exists());
}

#[test]
fn the_first_save_makes_folder_and_file() {
    let home = Home::new();
    let mut settings = home.load();
    settings.change(&quiet()).unwrap();
    assert_eq!(home.text(), "[ringing]\nsound = false\n");
    assert!(!settings.view().sound.value);
    assert!(settings.view().practice_by_default, "still not chosen");
}

#[test]
fn every_setting_is_saved_so_that_it_is_read_again() {
    let home = Home::new();
    let mut settings = home.load();
    settings
        .change(&SettingsChange {
            connector: Some(ConnectorKind::None),
            notify: Some(false),
            sound: Some(false),
            raise: Some(false),
            ring_device: Some("Headset \"Pro\"".to_owned()),
            ring_volume: Some(100),
            amazon_instance: Some("https://example.my.connect.aws".to_owned()),
            amazon_way: Some(Way::Control),
            amazon_page: Some(String::new()),
            start_at_login: Some(true),
            tray_icon: Some(TrayIcon::Light),
            updates_check: Some(false),
            updates_url: Some("https://updates.example.com/latest.json".to_owned()),
            hub_pairing: Some(false),
            hub_ports: Some(vec![4000, 0]),
            ..origins(&["https://crm.example.com"])
        })
        .unwrap();
    let view = home.view();
    assert_eq!(&view, settings.view());
    assert_eq!(view.connector.value, ConnectorKind::None);
    assert!(!view.notify.value && !view.sound.value && !view.raise.value);
    assert_eq!(view.ring_device.value.as_deref(), Some("Headset \"Pro\""));
    assert_eq!(view.ring_volume.value, 100);
    assert_eq!(
        view.amazon_instance.value.as_deref(),
        Some("https://example.my.connect.aws")
    );
    assert_eq!(view.amazon_way.value, Way::Control);
    assert_eq!(view.amazon_page.value, None);
    assert!(view.start_at_login.value);
    assert_eq!(view.tray_icon.value, TrayIcon::Light);
    assert!(!view.updates_check.value);
    assert_eq!(
        view.updates_url.value.as_deref(),
        Some("https://updates.example.com/latest.json")
    );
    assert_eq!(view.allowed_origins.value[0].access, Access::Control);
    assert!(!view.hub_pairing.value);
    assert_eq!(view.hub_ports.value, [4000, 0]);
}

#[test]
fn a_hub_without_a_port_is_refused() {
    let home = Home::new();
    let change = SettingsChange {
        hub_ports: Some(Vec::new()),
        ..SettingsChange::default()
    };
    let refused = home.load().change(&change).unwrap_err();
    assert!(refused.text.contains("At least one port"), "{refused:?}");
    assert!(!home.places().settings.exists());
}

#[test]
fn saving_keeps_comments_and_order() {
    let home = Home::with(
        "# Mine.\n\n[ringing]   # loud here\nvolume = 90  # per cent\n# the bell\nsound = true # always\n\n[hub]\n",
    );
    let change = SettingsChange {
        connector: Some(ConnectorKind::Practice),
        ring_volume: Some(5),
        ..quiet()
    };
    home.load().change(&change).unwrap();
    assert_eq!(
        home.text(),
        "connector = \"practice\"\n# Mine.\n\n[ringing]   # loud here\nvolume = 5  # per cent\n# the bell\nsound = false # always\n\n[hub]\n"
    );
}

#[test]
fn every_way_to_write_a_table_can_be_saved_into() {
    let ways = [
        "ringing = { sound = true }\nhub = { allowed_origins = [] }\n",
        "ringing.sound = true\nhub.allowed_origins = []\n",
        "[ringing]\nsound = true\n[[hub.allowed_origins]]\norigin = \"https://a.example\"\naccess = \"observe\"\n",
    ];
    for text in ways {
        let home = Home::with(text);
        let mut settings = home.load();
        assert!(settings.view().problems.is_empty(), "{text}");
        let change = SettingsChange {
            notify: Some(false),
            sound: Some(false),
            ..origins(&["https://b.example"])
        };
        settings.change(&change).unwrap();
        let view = home.view();
        assert!(view.problems.is_empty(), "{}", home.text());
        assert!(!view.sound.value && !view.notify.value, "{}", home.text());
        let listed: Vec<_> = view.allowed_origins.value.iter().collect();
        assert_eq!(listed.len(), 1, "{}", home.text());
        assert_eq!(listed[0].origin, "https://b.example");
    }
}

#[test]
fn what_was_edited_meanwhile_is_kept_and_in_force() {
    let home = Home::with("[ringing]\nvolume = 10\n");
    let mut settings = home.load();
    home.write("[ringing]\nvolume = 20\nraise = false\n");
    settings.change(&quiet()).unwrap();
    assert_eq!(
        home.text(),
        "[ringing]\nvolume = 20\nraise = false\nsound = false\n"
    );
    assert_eq!(settings.view().ring_volume.value, 20);
    assert!(!settings.view().raise.value);
}

#[test]
fn what_was_broken_meanwhile_is_told_and_nothing_changes() {
    let home = Home::with("[ringing]\nvolume = 10\n");
    let mut settings = home.load();
    let before = settings.view().clone();
    home.write("[ringing]\nvolume = ten\n");
    let refused = settings.change(&quiet()).unwrap_err();
    assert_eq!(refused.line, Some(2));
    assert_eq!(home.text(), "[ringing]\nvolume = ten\n");
    assert_eq!(settings.view(), &before);
}

#[test]
fn a_read_only_file_is_left_as_it_is() {
    let home = Home::with("[ringing]\nvolume = 10\n");
    let path = home.places().settings;
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let refused = home.load().change(&quiet()).unwrap_err();
    assert_eq!(
        refused.text,
        "The file cannot be written: it is read-only. Nothing was saved."
    );
    assert_eq!(home.text(), "[ringing]\nvolume = 10\n");
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let home = Home::new();
    fs::write(home.0.path().join("config"), "in the way").unwrap();
    let refused = home.load().change(&quiet()).unwrap_err();
    assert!(
        refused.text.starts_with("The file cannot be"),
        "{refused:?}"
    );
}

#[test]
fn nothing_is_left_beside_the_file() {
    let home = Home::with("");
    home.load().change(&quiet()).unwrap();
    let folder = home.places().settings;
    assert_eq!(fs::read_dir(folder.parent().unwrap()).unwrap().count(), 1);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn the_file_is_replaced_as_a_whole_and_keeps_its_mode() {
        let home = Home::with("");
        let path = home.places().settings;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let before = fs::metadata(&path).unwrap();
        // An open file keeps the old one, so that its number is not given to the new one.
        let held = fs::File::open(&path).unwrap();
        home.load().change(&quiet()).unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_ne!(after.ino(), before.ino());
        assert_eq!(after.mode() & 0o777, 0o640);
        drop(held);
    }

    #[test]
    fn a_link_stays_one_and_its_file_is_changed() {
        let home = Home::with("");
        let (path, kept) = (home.places().settings, home.0.path().join("dotfiles.toml"));
        fs::rename(&path, &kept).unwrap();
        symlink(&kept, &path).unwrap();
        home.load().change(&quiet()).unwrap();
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
        assert_eq!(
            fs::read_to_string(kept).unwrap(),
            "[ringing]\nsound = false\n"
        );
    }
}

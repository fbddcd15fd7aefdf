//! The set-up check, the link, the login and when the panel is loaded anew.

use offhook_amazon::{
    Probe, Seen, Setup, Way,
    page::{Permission, Said},
};
use offhook_protocol::{Problem, Progress, Step};
use serde_json::Value;
use url::Url;

use crate::{
    stage::{Stage, link, panel},
    streams::{AVAILABLE, RINGING, WRAP_UP, over, ringing},
};

const HOUR: u64 = 60 * 60_000;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn nothing() -> [String; 0] {
    []
}

/// A company's page that embeds the panel.
fn page() -> Way {
    Way::Page(url("https://phone.example.com/connector/"))
}

/// An answer of an instance that lets itself be embedded.
fn may_be_embedded() -> Probe {
    Probe::Answered {
        content_security_policy: None,
        x_frame_options: None,
    }
}

/// A connector whose page has loaded and speaks, and whose agent is not known yet.
fn loaded() -> Stage {
    let (mut stage, _) = Stage::raw(Way::Panel);
    stage.alive = false;
    stage.seen(Seen::Loading(panel()));
    stage.hello();
    stage.seen(Seen::Loaded(panel()));
    stage
}

fn softphone_error(stage: &mut Stage, error_type: &str) -> Vec<String> {
    stage.said(Said::SoftphoneError {
        error_type: error_type.to_owned(),
        error_message: None,
    })
}

/// A connector whose agent has just logged in.
fn logged_in() -> Stage {
    let mut stage = Stage::open();
    stage.said(Said::AuthFailed);
    stage.update(AVAILABLE, &[]);
    stage
}

/// The wish to try now.
fn hurry(stage: &mut Stage) -> Vec<String> {
    stage.send(&crate::stage::request("App", "StateSync", None))
}

fn progress(stage: &Stage) -> Vec<(Step, Progress)> {
    let check = stage.app().check.into_iter();
    check.map(|check| (check.step, check.progress)).collect()
}

#[test]
fn the_check_grows_until_the_agent_is_online() {
    use Progress::{Passed, Waiting};
    let (mut stage, said) = Stage::raw(Way::Panel);
    assert_eq!(said, ["LinkStateChange connecting", "probe"]);
    let steps = |stage: &Stage| progress(stage).into_iter().map(|(_, progress)| progress);
    assert!(steps(&stage).all(|progress| progress == Waiting));

    stage.seen(Seen::Loading(panel()));
    stage.said(Said::Hello {
        web_rtc: true,
        microphone: Some(Permission::Prompt),
    });
    stage.said(Said::Streams);
    assert_eq!(
        progress(&stage),
        [
            (Step::Page, Passed),
            (Step::Login, Waiting),
            (Step::Panel, Passed),
            (Step::Agent, Waiting),
            (Step::WebRtc, Passed),
            (Step::Microphone, Waiting),
            (Step::Audio, Waiting),
        ]
    );
    assert_eq!(
        stage.update(AVAILABLE, &[]),
        [
            "LinkStateChange online",
            "logged in",
            "agent is Available",
            "ccp Available"
        ]
    );
    // The microphone is asked for with the first call.
    assert_eq!(
        steps(&stage).filter(|progress| *progress == Passed).count(),
        6
    );
    stage.update(RINGING, &[ringing()]);
    stage.talk(&[crate::streams::caller("connected")]);
    assert!(steps(&stage).all(|progress| progress == Passed));
}

#[test]
fn only_steps_that_apply_are_checked() {
    let steps = |way| -> Vec<Step> {
        let (stage, _) = Stage::raw(way);
        progress(&stage).into_iter().map(|(step, _)| step).collect()
    };
    use Step::{Agent, Audio, Embedding, Login, Microphone, Page, Panel, WebRtc};
    assert_eq!(
        steps(page()),
        [
            Page, Embedding, Login, Panel, Agent, WebRtc, Microphone, Audio
        ]
    );
    assert_eq!(steps(Way::ControlOnly(None)), [Page, Login, Panel, Agent]);
}

#[test]
fn a_page_that_does_not_load_is_tried_again_less_and_less_often() {
    let (mut stage, _) = Stage::raw(Way::Panel);
    stage.alive = false;
    assert_eq!(stage.wait(29_999), nothing());
    for seconds in [15_u64, 30, 60, 120, 240, 300, 300] {
        let next = format!(
            "LinkStateChange connecting, page unreachable, next attempt in {} ms",
            seconds * 1_000
        );
        assert_eq!(stage.wait(1), [next]);
        assert_eq!(
            stage.wait(seconds * 1_000),
            ["LinkStateChange connecting", "reload", "probe"]
        );
        assert_eq!(stage.wait(29_999), nothing());
    }
}

#[test]
fn an_instance_that_does_not_answer_is_told_early() {
    let (mut stage, _) = Stage::raw(Way::Panel);
    stage.alive = false;
    stage.seen(Seen::Probed(Probe::Unreachable));
    assert_eq!(
        stage.wait(5_000),
        ["LinkStateChange connecting, page unreachable, next attempt in 15000 ms"]
    );
}

#[test]
fn a_page_that_loads_through_a_proxy_is_reachable() {
    let mut stage = loaded();
    stage.seen(Seen::Probed(Probe::Unreachable));
    stage.said(Said::Streams);
    assert_eq!(stage.wait(29_999), nothing());
}

#[test]
fn a_panel_that_never_says_anything_is_loaded_anew() {
    let mut stage = loaded();
    stage.said(Said::Streams);
    assert_eq!(stage.wait(29_999), nothing());
    assert_eq!(
        stage.wait(1),
        ["LinkStateChange connecting, panel panelSilent, next attempt in 15000 ms"]
    );
    // One that waits for a login has nothing to say.
    let mut stage = loaded();
    stage.said(Said::Streams);
    stage.said(Said::AuthFailed);
    assert_eq!(stage.wait(HOUR), nothing());
}

#[test]
fn an_embedded_panel_that_was_never_heard_of_is_left_to_the_library() {
    let (mut stage, _) = Stage::raw(page());
    stage.alive = false;
    stage.hello();
    stage.said(Said::Streams);
    assert_eq!(stage.wait(HOUR), nothing());
    stage.said(Said::Acknowledged);
    assert_eq!(
        stage.wait(15_000),
        ["LinkStateChange connecting, panel panelSilent, next attempt in 15000 ms"]
    );
}

/// The web view's own page about the error loads and runs the script.
#[test]
fn an_error_page_of_the_web_view_is_not_the_panel() {
    let mut stage = loaded();
    stage.seen(Seen::Probed(Probe::Unreachable));
    assert_eq!(
        stage.wait(20_000),
        ["LinkStateChange connecting, page unreachable, next attempt in 15000 ms"]
    );
}

#[test]
fn a_page_without_the_library_is_told() {
    let mut stage = loaded();
    assert_eq!(
        stage.wait(20_000),
        ["LinkStateChange connecting, panel noStreams"]
    );
    stage.said(Said::Streams);
    assert_eq!(link(&stage.app()), "connecting");
}

#[test]
fn a_page_whose_script_cannot_speak_is_told() {
    let (mut stage, _) = Stage::raw(Way::Panel);
    stage.alive = false;
    stage.seen(Seen::Loaded(panel()));
    assert_eq!(
        stage.wait(20_000),
        ["LinkStateChange connecting, panel scriptFailed"]
    );
}

#[test]
fn a_panel_that_falls_silent_is_loaded_anew() {
    let mut stage = Stage::open();
    stage.alive = false;
    assert_eq!(stage.wait(14_999), nothing());
    assert_eq!(
        stage.wait(1),
        ["LinkStateChange lost, panel panelSilent, next attempt in 15000 ms"]
    );
    assert_eq!(stage.ask("Answer"), ["LINK_DOWN: The connection is lost"]);
    assert_eq!(
        stage.wait(15_000),
        ["LinkStateChange lost", "reload", "probe"]
    );
}

#[test]
fn a_silent_panel_that_speaks_is_asked_for_its_state() {
    let mut stage = Stage::open();
    stage.alive = false;
    stage.wait(15_000);
    assert_eq!(
        stage.said(Said::Panels { count: 1 }),
        ["ask refresh", "LinkStateChange lost"]
    );
    assert_eq!(stage.update(AVAILABLE, &[]), ["LinkStateChange online"]);
    assert_eq!(stage.wait(14_999), nothing());
}

#[test]
fn the_panel_is_not_loaded_anew_by_itself_during_a_call() {
    let mut stage = Stage::talking();
    stage.alive = false;
    assert_eq!(
        stage.wait(15_000),
        ["LinkStateChange lost, panel panelSilent"]
    );
    assert_eq!(stage.wait(24 * HOUR), nothing());
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent connected, inbound connected]"]
    );
}

/// Nobody can handle a call whose panel is silent, so the agent may choose to lose its audio.
#[test]
fn a_panel_that_stays_silent_during_a_call_is_loaded_anew_on_request() {
    let mut stage = Stage::talking();
    stage.alive = false;
    stage.wait(15_000 + 59_999);
    assert_eq!(hurry(&mut stage), ["StateSync lost, panel panelSilent"]);
    stage.wait(1);
    assert_eq!(
        hurry(&mut stage),
        ["StateSync lost", "LinkStateChange lost", "reload", "probe"]
    );
    // An attempt that fails is followed by others: no call goes on in a page that is not there.
    assert_eq!(
        stage.wait(30_000),
        ["LinkStateChange lost, page unreachable, next attempt in 15000 ms"]
    );
    assert_eq!(
        stage.wait(15_000),
        ["LinkStateChange lost", "reload", "probe"]
    );
}

#[test]
fn an_attempt_that_is_due_waits_for_the_call_in_a_page_that_came_late() {
    let mut stage = Stage::talking();
    stage.alive = false;
    stage.seen(Seen::Loading(panel()));
    stage.wait(30_000);
    stage.seen(Seen::Loaded(panel()));
    let said = stage.wait(60_000);
    assert_eq!(
        said,
        ["LinkStateChange lost, panel scriptFailed, next attempt in 0 ms"]
    );
    // A panel that speaks needs no attempt any more.
    assert_eq!(stage.said(Said::Acknowledged), ["LinkStateChange lost"]);
    stage.update(WRAP_UP, &[over("ended")]);
    assert_eq!(stage.wait(14_999), nothing());
}

#[test]
fn a_contact_that_is_over_does_not_keep_the_panel_from_being_loaded() {
    let mut stage = Stage::with(WRAP_UP, over("ended"));
    stage.alive = false;
    stage.wait(15_000);
    assert!(stage.wait(15_000).contains(&"reload".to_owned()));
}

#[test]
fn who_does_not_want_to_wait_is_served_every_ten_seconds() {
    let mut stage = Stage::open();
    assert_eq!(hurry(&mut stage), ["StateSync online"]);
    stage.alive = false;
    stage.wait(15_000);
    assert_eq!(
        hurry(&mut stage),
        ["StateSync lost", "LinkStateChange lost", "reload", "probe"]
    );
    stage.seen(Seen::Probed(Probe::Unreachable));
    stage.wait(9_999);
    let waiting = "StateSync lost, page unreachable, next attempt in 25001 ms";
    assert_eq!(hurry(&mut stage), [waiting]);
    stage.wait(1);
    assert!(hurry(&mut stage).contains(&"reload".to_owned()));
}

#[test]
fn a_page_that_may_still_come_is_not_hurried() {
    let (mut stage, _) = Stage::raw(Way::Panel);
    stage.alive = false;
    stage.wait(29_999);
    assert_eq!(hurry(&mut stage), ["StateSync connecting"]);
    stage.seen(Seen::Loaded(panel()));
    stage.wait(14_999);
    assert_eq!(hurry(&mut stage), ["StateSync connecting"]);
    stage.wait(1);
    assert!(hurry(&mut stage).contains(&"reload".to_owned()));
}

#[test]
fn a_login_page_shows_the_window_until_the_agent_is_there() {
    for login in [
        "https://sso.example.com/start",
        "https://example.my.connect.aws/auth/?client_id=1",
        "https://example.my.connect.aws/login",
    ] {
        let (mut stage, _) = Stage::raw(Way::Panel);
        stage.alive = false;
        assert_eq!(
            stage.seen(Seen::Loading(url(login))),
            ["LinkStateChange connecting, login loginNeeded", "show"]
        );
        assert_eq!(stage.seen(Seen::Loaded(url(login))), nothing());
        stage.hello();
        // Nobody reloads a form that is being filled in.
        assert_eq!(stage.wait(HOUR), nothing());
        let answer = stage.send(&crate::stage::request("App", "StateSync", None));
        assert_eq!(answer, ["StateSync connecting, login loginNeeded"]);

        stage.seen(Seen::Loading(panel()));
        stage.hello();
        stage.said(Said::Streams);
        assert_eq!(
            stage.update(AVAILABLE, &[]),
            [
                "LinkStateChange online",
                "hide",
                "logged in",
                "agent is Available",
                "ccp Available",
            ]
        );
        let session = stage.app().session_ends_in_ms;
        assert_eq!(session, Some(12 * HOUR));
    }
}

#[test]
fn the_window_goes_where_the_settings_say() {
    let go = |instance: &str, way| {
        let instance = url(instance);
        Setup { instance, way }.url().to_string()
    };
    let page = || url("https://phone.example.com/connector/");
    let instance = "https://example.my.connect.aws";
    assert_eq!(
        go(instance, Way::Panel),
        "https://example.my.connect.aws/ccp-v2/"
    );
    assert_eq!(
        go("https://example.awsapps.com", Way::ControlOnly(None)),
        "https://example.awsapps.com/connect/ccp-v2/"
    );
    assert_eq!(
        go("https://example.my.connect.aws/connect/ccp-v2/", Way::Panel),
        "https://example.my.connect.aws/connect/ccp-v2/"
    );
    assert_eq!(go(instance, Way::Page(page())), page().as_str());
    assert_eq!(
        go(instance, Way::ControlOnly(Some(page()))),
        "https://phone.example.com/connector/#media=off"
    );
}

#[test]
fn an_empty_page_is_no_login() {
    let (mut stage, _) = Stage::raw(Way::Panel);
    assert_eq!(stage.seen(Seen::Loaded(url("about:blank"))), nothing());
}

#[test]
fn the_session_is_counted_down_silently() {
    let mut stage = logged_in();
    assert_eq!(stage.wait(HOUR), nothing());
    assert_eq!(stage.app().session_ends_in_ms, Some(11 * HOUR));
    // Another page is the same session.
    stage.hello();
    stage.update(AVAILABLE, &[]);
    assert_eq!(stage.app().session_ends_in_ms, Some(11 * HOUR));
}

/// It may have begun hours before this program did.
#[test]
fn when_a_session_ends_whose_login_was_not_seen_is_unknown() {
    assert_eq!(Stage::open().app().session_ends_in_ms, None);
}

#[test]
fn a_session_that_ends_shows_the_window() {
    let mut stage = logged_in();
    assert_eq!(
        stage.said(Said::Terminated),
        ["LinkStateChange lost, login sessionEnded", "show"]
    );
    assert_eq!(
        stage.said(Said::AuthFailed),
        ["LinkStateChange lost, login loginNeeded"]
    );
    assert_eq!(stage.app().session_ends_in_ms, None);
}

/// While the agent logs in, the panel may be silent for as long as that takes.
#[test]
fn a_panel_without_a_login_is_left_alone() {
    for said in [Said::Terminated, Said::AuthFailed, Said::AccessDenied] {
        let mut stage = Stage::open();
        stage.said(said);
        stage.alive = false;
        assert_eq!(stage.wait(HOUR), nothing());
        assert_eq!(stage.ask_agent("StateSync", None), ["agent sync None"]);
    }
}

#[test]
fn an_agent_without_the_permission_is_told() {
    let said = Stage::open().said(Said::AccessDenied);
    assert_eq!(said, ["LinkStateChange lost, login accessDenied"]);
}

#[test]
fn an_embedded_panel_that_may_be_framed_and_does_not_load_wants_a_login() {
    let (mut stage, _) = Stage::raw(page());
    stage.said(Said::AckTimeout);
    assert_eq!(
        stage.seen(Seen::Probed(may_be_embedded())),
        ["LinkStateChange connecting, login loginNeeded", "show"]
    );
    let (mut stage, _) = Stage::raw(page());
    stage.seen(Seen::Probed(may_be_embedded()));
    assert_eq!(stage.said(Said::RetriesExhausted).last().unwrap(), "show");
}

/// The headers of the panel's answer, and what they mean for `https://phone.example.com`.
#[test]
fn headers_tell_who_may_embed_the_panel() {
    let not_approved = Some(Problem::OriginNotApproved);
    let refused = Some(Problem::FramingRefused);
    let table = [
        (None, None, None),
        (Some("default-src 'none'"), None, None),
        (Some("frame-ancestors *"), None, None),
        (Some("frame-ancestors https:"), None, None),
        (Some("frame-ancestors http:"), None, not_approved.clone()),
        (
            Some("frame-ancestors 'self' https://phone.example.com"),
            None,
            None,
        ),
        (
            Some("default-src 'self'; Frame-Ancestors HTTPS://PHONE.EXAMPLE.COM/"),
            None,
            None,
        ),
        (Some("frame-ancestors phone.example.com"), None, None),
        (Some("frame-ancestors http://phone.example.com"), None, None),
        (Some("frame-ancestors https://*.example.com"), None, None),
        (
            Some("frame-ancestors https://*.phone.example.com"),
            None,
            not_approved.clone(),
        ),
        (
            Some("frame-ancestors https://*.ample.com"),
            None,
            not_approved.clone(),
        ),
        (
            Some("frame-ancestors https://phone.example.com:443"),
            None,
            None,
        ),
        (
            Some("frame-ancestors https://phone.example.com:*"),
            None,
            None,
        ),
        (
            Some("frame-ancestors https://phone.example.com:8443"),
            None,
            not_approved.clone(),
        ),
        (Some("frame-ancestors 'self'"), None, not_approved.clone()),
        (
            Some("frame-ancestors https://other.example.com"),
            None,
            not_approved.clone(),
        ),
        (
            Some("frame-ancestors *, frame-ancestors 'self'"),
            None,
            not_approved,
        ),
        (Some("frame-ancestors 'none'"), None, refused.clone()),
        (Some("frame-ancestors"), None, refused.clone()),
        (None, Some("DENY"), refused.clone()),
        (None, Some("sameorigin"), refused),
        (
            Some("frame-ancestors https://phone.example.com"),
            Some("DENY"),
            None,
        ),
    ];
    for (policy, options, problem) in table {
        let (mut stage, _) = Stage::raw(page());
        stage.said(Said::AckTimeout);
        stage.seen(Seen::Probed(Probe::Answered {
            content_security_policy: policy.map(str::to_owned),
            x_frame_options: options.map(str::to_owned),
        }));
        let check = stage.app().check;
        assert_eq!(check[1].step, Step::Embedding);
        assert_eq!(check[1].problem, problem, "{policy:?} {options:?}");
        // A panel that may not be embedded cannot be logged in to either.
        let login = check[2].problem.clone();
        assert_eq!(login.is_some(), problem.is_none(), "{policy:?} {options:?}");
    }
}

#[test]
fn an_instance_that_does_not_answer_says_nothing_about_embedding() {
    let (mut stage, _) = Stage::raw(page());
    let embedding = |stage: &Stage| progress(stage)[1].clone();
    for (probe, reached) in [
        (Probe::Unreachable, Progress::Waiting),
        (may_be_embedded(), Progress::Passed),
    ] {
        stage.seen(Seen::Probed(probe));
        assert_eq!(embedding(&stage), (Step::Embedding, reached));
    }
    let (mut stage, _) = Stage::raw(page());
    stage.seen(Seen::Probed(Probe::Unreachable));
    stage.update(AVAILABLE, &[]);
    assert_eq!(embedding(&stage), (Step::Embedding, Progress::Passed));
}

#[test]
fn a_panel_that_speaks_is_embedded_whatever_its_headers_say() {
    let (mut stage, _) = Stage::raw(page());
    stage.seen(Seen::Probed(Probe::Answered {
        content_security_policy: Some("frame-ancestors 'none'".to_owned()),
        x_frame_options: None,
    }));
    assert_eq!(link(&stage.app()), "connecting, embedding framingRefused");
    stage.said(Said::Acknowledged);
    assert_eq!(link(&stage.app()), "connecting");
}

#[test]
fn softphone_errors_name_the_step_that_fails() {
    let table = [
        ("unsupported_browser", "webRtc unsupportedBrowser"),
        ("microphone_not_shared", "microphone microphoneRefused"),
        ("user_busy_error", "audio audioElsewhere"),
        ("multiple_softphone_active_sessions", "audio audioElsewhere"),
        ("ice_collection_timeout", "audio mediaBlocked"),
        ("signalling_handshake_failure", "audio signallingFailed"),
        ("signalling_connection_failure", "audio signallingFailed"),
        ("webrtc_error", "audio mediaFailed"),
        ("realtime_communication_error", "audio mediaFailed"),
        ("vdi_strategy_not_supported", "audio virtualDesktop"),
        ("other", "audio mediaFailed"),
    ];
    for (error, problem) in table {
        let mut stage = Stage::ringing();
        assert_eq!(
            softphone_error(&mut stage, error),
            [format!("LinkStateChange online, {problem}")]
        );
        // A call that is connected for the agent shows that it works.
        let said = stage.talk(&[crate::streams::caller("connected")]);
        assert_eq!(said[0], "LinkStateChange online");
    }
}

#[test]
fn another_panel_that_holds_the_audio_is_told() {
    let said = Stage::open().update(("MultipleCcpWindows", "error"), &[]);
    assert_eq!(said[0], "LinkStateChange online, audio audioElsewhere");
}

#[test]
fn without_audio_here_its_failures_are_not_ours() {
    let (mut stage, _) = Stage::raw(Way::ControlOnly(None));
    stage.said(Said::Streams);
    stage.update(AVAILABLE, &[]);
    assert_eq!(softphone_error(&mut stage, "webrtc_error"), nothing());
    let said = stage.update(("MultipleCcpWindows", "error"), &[]);
    assert_eq!(
        said,
        ["agent is MultipleCcpWindows", "ccp MultipleCcpWindows"]
    );
}

#[test]
fn a_web_view_without_audio_is_told() {
    let (mut stage, _) = Stage::raw(Way::Panel);
    stage.said(Said::Hello {
        web_rtc: false,
        microphone: Some(Permission::Denied),
    });
    assert_eq!(
        link(&stage.app()),
        "connecting, webRtc noWebRtc, microphone microphoneRefused"
    );
    let mut stage = Stage::open();
    assert_eq!(
        stage.seen(Seen::MicrophoneDenied),
        ["LinkStateChange online, microphone microphoneRefused"]
    );
}

#[test]
fn a_panel_that_was_reloaded_during_a_call_lost_its_audio() {
    let mut stage = Stage::talking();
    assert_eq!(stage.seen(Seen::Loading(panel())), ["LinkStateChange lost"]);
    stage.hello();
    stage.said(Said::Streams);
    let talking = || [crate::streams::caller("connected")];
    assert_eq!(
        stage.talk(&talking()),
        ["LinkStateChange online, audio panelReloaded"]
    );
    let said = stage.update(WRAP_UP, &[over("ended")]);
    assert_eq!(said[0], "LinkStateChange online");
}

#[test]
fn a_panel_that_was_reloaded_while_it_rang_lost_nothing() {
    let mut stage = Stage::ringing();
    stage.hello();
    assert_eq!(
        stage.update(RINGING, &[ringing()]),
        ["LinkStateChange online"]
    );
}

#[test]
fn while_the_link_is_lost_commands_are_refused_and_questions_answered() {
    let mut stage = Stage::talking();
    stage.hello();
    assert_eq!(stage.ask("Hold"), ["LINK_DOWN: The connection is lost"]);
    assert_eq!(
        stage.ask_agent("SetReady", None),
        ["LINK_DOWN: The connection is lost"]
    );
    assert_eq!(
        stage.ask_agent("GetDirectConnects", None),
        ["LINK_DOWN: The connection is lost"]
    );
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent connected, inbound connected]"]
    );
    assert_eq!(stage.legs(), ["own", "caller"].map(Value::from));

    let (mut stage, _) = Stage::raw(Way::Panel);
    assert_eq!(
        stage.ask_agent("GetStates", None),
        ["LINK_DOWN: The connection is lost"]
    );
}

#[test]
fn an_embedded_panel_that_was_reloaded_without_its_page_lost_the_audio_too() {
    let started = |panel: &str| Said::PanelStarted {
        panel: panel.to_owned(),
    };
    let mut stage = Stage::ringing();
    assert_eq!(stage.said(started("port-1")), nothing());
    stage.talk(&[crate::streams::caller("connected")]);
    assert_eq!(stage.said(started("port-1")), nothing());
    assert_eq!(
        stage.said(started("port-2")),
        ["LinkStateChange online, audio panelReloaded"]
    );
}

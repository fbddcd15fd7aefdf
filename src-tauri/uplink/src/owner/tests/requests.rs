//! What is carried out, how often, and what is refused.

use super::*;

/// The answer to a request that was refused and not carried out.
fn refused(rig: &mut Rig, publication: &Publication) -> (ErrorType, String) {
    let answers = rig.ask(publication);
    assert_eq!(rig.subtopics_sent(), [""; 0]);
    failure(&answers)
}

fn expiring(rig: &Rig, in_millis: i64) -> Publication {
    let mut envelope = Request::Call(CallRequest::Answer).envelope("crm");
    let expires_at = Timestamp::from_millis(rig.now.as_millis() + in_millis);
    Stamp {
        id: Some("1".to_owned()),
        expires_at: Some(expires_at),
        ..Stamp::default()
    }
    .write(&mut envelope);
    publication(&envelope)
}

#[test]
fn a_request_is_carried_out_under_the_name_of_who_asks() {
    let mut rig = Rig::online(CALL);
    let answers = rig.ask(&call(CallRequest::Answer, "1"));
    assert_eq!(answers, [Answer::Accepted, Answer::Done]);
    assert_eq!(rig.subtopics_sent(), ["Answer"]);
    assert_eq!(rig.sent[0].source.as_deref(), Some("crm"));
}

#[test]
fn an_answer_goes_where_it_was_wanted_and_says_to_what() {
    let mut rig = Rig::online(CALL);
    rig.receive(&call(CallRequest::Answer, "1"));
    let published = rig.published();
    let answer = published.iter().find(|p| p.topic == RESPONSES).unwrap();
    assert_eq!(answer.correlation.as_deref(), Some(&b"c"[..]));
    assert_eq!(answer.expires_in, Some(Duration::from_secs(30)));
    assert!(!answer.retain);
    assert_eq!(stamp(answer).in_reply_to.as_deref(), Some("1"));
    let envelope = envelope(answer);
    assert_eq!(
        (&*envelope.topic, &*envelope.subtopic),
        ("InboundCall", "Answer")
    );
}

#[test]
fn one_who_knows_only_the_published_fields_is_served() {
    let mut rig = Rig::online(CALL);
    let envelope = Request::Call(CallRequest::Answer).envelope("crm");
    let published_fields_alone = Publication {
        response_topic: None,
        correlation: None,
        ..publication(&envelope)
    };
    assert_eq!(rig.ask(&published_fields_alone), []);
    assert_eq!(rig.subtopics_sent(), ["Answer"]);
}

#[test]
fn an_expired_request_is_never_carried_out() {
    let mut rig = Rig::online(CALL);
    let late = expiring(&rig, -2_001);
    assert_eq!(refused(&mut rig, &late).0, ErrorType::RequestExpired);
    let skewed = expiring(&rig, -2_000);
    assert_eq!(rig.ask(&skewed), [Answer::Accepted, Answer::Done]);
}

#[test]
fn what_was_meant_for_an_earlier_start_is_not_carried_out() {
    let mut rig = Rig::online(CALL);
    let asked = |epoch: Epoch| {
        let mut envelope = Request::Call(CallRequest::Answer).envelope("crm");
        let epoch = Some(epoch);
        Stamp {
            epoch,
            ..Stamp::default()
        }
        .write(&mut envelope);
        publication(&envelope)
    };
    let earlier = Epoch::new(Timestamp::from_millis(0), 0);
    let (kind, _) = failure(&rig.ask(&asked(earlier)));
    assert_eq!(kind, ErrorType::RequestExpired);
    assert!(rig.sent.is_empty());
    let now = rig.owner.epoch;
    assert_ne!(rig.ask(&asked(now)), []);
    assert_eq!(rig.subtopics_sent(), ["Answer"]);
}

#[test]
fn a_repetition_gets_the_remembered_outcome() {
    let mut rig = Rig::online(CALL);
    let request = expiring(&rig, 5_000);
    rig.receive(&request);
    rig.pass(Duration::from_secs(60));
    assert_eq!(rig.ask(&request), [Answer::Done], "though it has expired");
    assert_eq!(rig.subtopics_sent(), ["Answer"]);

    rig.pass(Duration::from_secs(10 * 60));
    assert_eq!(failure(&rig.ask(&request)).0, ErrorType::RequestExpired);
    assert_eq!(rig.subtopics_sent(), ["Answer"]);
}

#[test]
fn a_thousand_outcomes_are_remembered() {
    let mut rig = Rig::online(CALL);
    let name = |number: usize| number.to_string();
    for number in 0..=1_000 {
        rig.receive(&agent(
            AgentRequest::SetNotReady("Lunch".to_owned()),
            &name(number),
        ));
    }
    let sent = rig.sent.len();
    rig.receive(&agent(AgentRequest::SetNotReady("Lunch".to_owned()), "1"));
    assert_eq!(rig.sent.len(), sent, "remembered");
    rig.receive(&agent(AgentRequest::SetNotReady("Lunch".to_owned()), "0"));
    assert_eq!(rig.sent.len(), sent + 1, "forgotten");
}

#[test]
fn a_repetition_of_what_is_under_way_joins_it() {
    let mut rig = Rig::online(&ignoring("Answer"));
    let request = call(CallRequest::Answer, "1");
    assert_eq!(rig.ask(&request), [Answer::Accepted]);
    assert_eq!(rig.ask(&request), [Answer::Accepted]);
    rig.pass(Duration::from_secs(20));
    assert_eq!(rig.answers().len(), 1, "one who asks twice is told once");
    assert_eq!(rig.subtopics_sent(), ["Answer"]);
}

#[test]
fn the_same_command_of_somebody_else_joins_the_one_under_way() {
    let mut rig = Rig::online(&ignoring("Answer"));
    rig.receive(&call(CallRequest::Answer, "1"));
    assert_eq!(rig.ask(&call(CallRequest::Answer, "2")), [Answer::Accepted]);
    rig.pass(Duration::from_secs(20));
    let published = rig.published();
    let answers = published.iter().filter(|p| p.topic == RESPONSES);
    let answered: Vec<_> = answers.filter_map(|p| stamp(p).in_reply_to).collect();
    assert_eq!(answered, ["1", "2"]);
    assert_eq!(rig.subtopics_sent(), ["Answer"]);
}

#[test]
fn another_command_for_the_same_contact_is_busy() {
    let mut rig = Rig::online(&ignoring("Answer"));
    rig.receive(&call(CallRequest::Answer, "1"));
    let answers = rig.ask(&call(CallRequest::Reject, "2"));
    assert_eq!(failure(&answers).0, ErrorType::Busy);
    assert_eq!(rig.subtopics_sent(), ["Answer"]);

    let about_the_agent = agent(AgentRequest::SetNotReady("Lunch".to_owned()), "3");
    assert_eq!(rig.ask(&about_the_agent)[0], Answer::Accepted);
    rig.pass(Duration::from_secs(10));
    assert_eq!(
        rig.ask(&call(CallRequest::Reject, "2")),
        [Answer::Accepted, Answer::Done],
        "what was refused as busy was not remembered"
    );
}

#[test]
fn only_so_many_wait_for_one_command() {
    let mut rig = Rig::online(&ignoring("Answer"));
    for number in 0..ledger::MAX_CALLERS {
        let answers = rig.ask(&call(CallRequest::Answer, &number.to_string()));
        assert_eq!(answers, [Answer::Accepted]);
    }
    let answers = rig.ask(&call(CallRequest::Answer, "one more"));
    assert_eq!(failure(&answers).0, ErrorType::Busy);
}

#[test]
fn an_id_names_one_request() {
    let mut rig = Rig::online(CALL);
    rig.receive(&call(CallRequest::Answer, "1"));
    let answers = rig.ask(&call(CallRequest::Disconnect(None), "1"));
    assert_eq!(failure(&answers).0, ErrorType::BadRequest);
    assert_eq!(rig.subtopics_sent(), ["Answer"]);
}

#[test]
fn an_answer_that_is_wanted_elsewhere_is_not_given_and_nothing_carried_out() {
    for elsewhere in [
        "cc/v1/acme/bert/rsp/crm",
        "cc/v1/acme/anna/st/presence",
        "cc/v1/acme/anna/req/Amazon/InboundCall/Answer",
        "cc/v1/acme/anna/rsp/a/b",
        "somewhere",
    ] {
        let mut rig = Rig::online(CALL);
        let publication = Publication {
            response_topic: Some(elsewhere.to_owned()),
            ..call(CallRequest::Answer, "1")
        };
        rig.receive(&publication);
        assert_eq!(rig.published(), [], "{elsewhere}");
        assert_eq!(rig.subtopics_sent(), [""; 0], "{elsewhere}");
    }
}

#[test]
fn what_is_published_elsewhere_is_no_request() {
    for topic in [
        "cc/v1/acme/bert/req/Amazon/InboundCall/Answer",
        "cc/v1/acme/anna/evt/Amazon/InboundCall/Answer",
        "cc/v1/acme/anna/req/InboundCall/Answer",
    ] {
        let mut rig = Rig::online(CALL);
        let publication = Publication {
            topic: topic.to_owned(),
            ..call(CallRequest::Answer, "1")
        };
        assert_eq!(rig.ask(&publication), []);
        assert_eq!(rig.subtopics_sent(), [""; 0]);
    }
}

#[test]
fn what_cannot_be_understood_is_refused_with_the_reason() {
    let good = || Request::Call(CallRequest::Answer).envelope("crm");
    let with = |field: &str, value| {
        let mut envelope = good();
        envelope.extra.insert(field.to_owned(), value);
        publication(&envelope)
    };
    let hold = Envelope {
        data: Some(json!({})),
        ..Request::Call(CallRequest::Hold(None)).envelope("crm")
    };
    let cases = [
        (
            Publication {
                payload: b"{\"channel\":".to_vec(),
                ..publication(&good())
            },
            ErrorType::UnreadableMessage,
            "line 1",
        ),
        (
            Publication {
                payload: vec![b' '; 64 * 1024 + 1],
                ..publication(&good())
            },
            ErrorType::MessageTooLong,
            "65537",
        ),
        (
            Publication {
                topic: "cc/v1/acme/anna/req/Amazon/InboundCall/Reject".to_owned(),
                ..publication(&good())
            },
            ErrorType::BadRequest,
            "topic",
        ),
        (
            Publication {
                retain: true,
                ..publication(&good())
            },
            ErrorType::BadRequest,
            "retained",
        ),
        (
            publication(&Envelope {
                message: Some(json!({})),
                ..good()
            }),
            ErrorType::BadRequest,
            "message",
        ),
        (
            publication(&Envelope {
                source: None,
                ..good()
            }),
            ErrorType::BadRequest,
            "source",
        ),
        (
            with("expiresAt", json!("soon")),
            ErrorType::BadRequest,
            "expiresAt",
        ),
        (with("agent", json!("bert")), ErrorType::BadRequest, "agent"),
        (
            with("id", json!("x".repeat(129))),
            ErrorType::BadRequest,
            "id",
        ),
        (publication(&hold), ErrorType::BadRequest, "data"),
    ];
    for (publication, kind, text) in cases {
        let mut rig = Rig::online(CALL);
        let (refused, why) = refused(&mut rig, &publication);
        assert_eq!(refused, kind, "{why}");
        assert!(why.contains(text), "{why}");
    }
}

#[test]
fn a_refusal_names_the_request_if_it_can_be_made_out() {
    let mut rig = Rig::online(CALL);
    let misplaced = Publication {
        topic: "cc/v1/acme/anna/req/Amazon/InboundCall/Reject".to_owned(),
        ..call(CallRequest::Answer, "1")
    };
    rig.receive(&misplaced);
    let published = rig.published();
    assert_eq!(stamp(&published[0]).in_reply_to.as_deref(), Some("1"));
}

#[test]
fn a_request_that_is_not_known_passes_and_is_accepted() {
    let mut rig = Rig::online(CALL);
    let request = publication(&Envelope {
        source: Some("dialler".to_owned()),
        ..Envelope::new("OutboundCall", "Preview")
    });
    assert_eq!(rig.ask(&request), [Answer::Accepted]);
    assert_eq!(rig.subtopics_sent(), ["Preview"]);
}

#[test]
fn the_state_is_told_to_who_asks_and_the_bus_is_not_disturbed() {
    for (request, topic) in [
        (Request::AppStateSync, 0),
        (Request::Agent(AgentRequest::StateSync), 1),
        (Request::Call(CallRequest::StateSync), 2),
    ] {
        let mut rig = Rig::online(CALL);
        rig.receive(&self::request(&request, "1"));
        let published = rig.published();
        let [answer] = published.as_slice() else {
            panic!("{published:?}");
        };
        assert_eq!(answer.topic, RESPONSES);
        assert_eq!(
            envelope(answer).message,
            rig.practice.snapshot()[topic].message
        );
        assert_eq!(stamp(answer).seq, Some(rig.owner.seq));
        assert_eq!(rig.subtopics_sent(), [""; 0]);
    }
}

#[test]
fn without_an_address_for_the_answer_the_state_is_published_again() {
    let mut rig = Rig::online(CALL);
    let request = Publication {
        response_topic: None,
        ..call(CallRequest::StateSync, "1")
    };
    rig.receive(&request);
    let published = rig.published();
    let places: Vec<_> = published.iter().map(place).collect();
    assert_eq!(places, ["st/Amazon/InboundCall/StateSync"]);
}

#[test]
fn lists_are_told_to_who_asks() {
    let mut rig = Rig::online(QUIET);
    for subtopic in ["GetStates", "GetAgentState", "GetDirectConnects"] {
        let envelope = Envelope {
            source: Some("crm".to_owned()),
            ..Envelope::new("Agent", subtopic)
        };
        match rig.ask(&publication(&envelope)).as_slice() {
            [Answer::Told(list)] => assert!(list.as_array().is_some_and(|list| !list.is_empty())),
            other => panic!("{subtopic}: {other:?}"),
        }
    }
}

#[test]
fn who_asks_for_a_list_is_told_that_there_is_none() {
    let mut rig = Rig::online(LINK_LOST);
    let answers = rig.ask(&agent(AgentRequest::GetStates, "1"));
    assert_eq!(failure(&answers).0, ErrorType::LinkDown);
}

const LINK_LOST: &str = r#"
    about = "The link is lost."
    [[step]]
    after = "0s"
    do = { link-lost = "1h" }
"#;

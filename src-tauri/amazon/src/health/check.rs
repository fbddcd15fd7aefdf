//! The set-up check: every step and how far it came.

use offhook_protocol::{Check, Problem, Progress, Step};

use super::{Health, Life, Login};
use crate::{panel::Probe, probe};

impl Health {
    pub(super) fn check(&self) -> Vec<Check> {
        let mut check = vec![self.page_step()];
        if self.setup.is_embedded() {
            check.push(self.embedding_step());
        }
        check.extend([self.login_step(), self.panel_step(), self.agent_step()]);
        if self.setup.has_media() {
            let steps = [Step::WebRtc, Step::Microphone, Step::Audio];
            check.extend(steps.map(|step| self.media_step(step)));
        }
        check
    }

    fn page_step(&self) -> Check {
        match &self.life {
            Life::Loading { .. } => waiting(Step::Page),
            Life::Failed(Problem::Unreachable) => failed(Step::Page, Problem::Unreachable),
            Life::Failed(_)
            | Life::Login
            | Life::Loaded { .. }
            | Life::Greeted { .. }
            | Life::Ready { .. }
            | Life::Watched { .. }
            | Life::Silent { .. } => passed(Step::Page),
        }
    }

    /// A panel that speaks is embedded, whatever its headers said.
    fn embedding_step(&self) -> Check {
        let speaks =
            matches!(self.life, Life::Watched { .. } | Life::Silent { .. }) || self.is_online();
        match self.framing_refused() {
            _ if speaks => passed(Step::Embedding),
            Some(problem) => failed(Step::Embedding, problem),
            None if self.was_answered() => passed(Step::Embedding),
            None => waiting(Step::Embedding),
        }
    }

    /// Without an answer nothing is known about embedding.
    fn was_answered(&self) -> bool {
        matches!(self.probe, Some(Probe::Answered { .. }))
    }

    pub(super) fn framing_refused(&self) -> Option<Problem> {
        probe::refusal(self.probe.as_ref()?, &self.setup.origin())
    }

    fn login_step(&self) -> Check {
        match &self.login {
            Login::Unknown => waiting(Step::Login),
            Login::In { .. } => passed(Step::Login),
            Login::Out(problem) => failed(Step::Login, problem.clone()),
        }
    }

    fn panel_step(&self) -> Check {
        match &self.life {
            Life::Loading { .. }
            | Life::Login
            | Life::Loaded { .. }
            | Life::Greeted { .. }
            | Life::Failed(Problem::Unreachable) => waiting(Step::Panel),
            Life::Failed(problem) => failed(Step::Panel, problem.clone()),
            Life::Silent { .. } => failed(Step::Panel, Problem::PanelSilent),
            Life::Ready { .. } | Life::Watched { .. } => passed(Step::Panel),
        }
    }

    fn agent_step(&self) -> Check {
        match self.is_online() {
            _ if self.unreadable => failed(Step::Agent, Problem::Unreadable),
            true => passed(Step::Agent),
            false => waiting(Step::Agent),
        }
    }

    fn media_step(&self, step: Step) -> Check {
        match self.softphone.outcome(&step) {
            Some(Ok(())) => passed(step),
            Some(Err(problem)) => failed(step, problem),
            // Nothing says who holds the audio until it fails.
            None if step == Step::Audio && self.is_online() => passed(step),
            None => waiting(step),
        }
    }
}

fn waiting(step: Step) -> Check {
    Check {
        step,
        progress: Progress::Waiting,
        problem: None,
    }
}

fn passed(step: Step) -> Check {
    Check {
        step,
        progress: Progress::Passed,
        problem: None,
    }
}

fn failed(step: Step, problem: Problem) -> Check {
    Check {
        step,
        progress: Progress::Failed,
        problem: Some(problem),
    }
}

//! New versions of the phone, as far as calls have a say in them.

use crate::{
    effect::Act,
    notice::NoticeCode,
    pending::Awaits,
    phone::Phone,
    update::{UpdateNews, UpdateOrder},
    view::AgentKind,
};

impl Phone {
    /// There is no call that a restart would hurt: no contact, also none to be cleared, none being
    /// dialled, and none that only the agent's state tells of.
    pub(crate) fn is_free(&self) -> bool {
        let dialling = self
            .pending
            .iter()
            .any(|pending| pending.awaits == Awaits::AnyContact);
        let engaged = matches!(
            self.agent.kind(),
            AgentKind::PendingBusy | AgentKind::Busy | AgentKind::AfterCallWork
        );
        self.contacts.is_empty() && !dialling && !engaged
    }

    pub(super) fn look_for_update(&mut self) {
        let order = self.update.look();
        self.order(order);
    }

    pub(super) fn install_update(&mut self) {
        if !self.is_free() {
            return self.say(NoticeCode::CallRunning, None);
        }
        let order = self.update.install(!self.window_visible);
        self.order(order);
    }

    pub(super) fn hear_update(&mut self, news: UpdateNews) {
        if let UpdateNews::Failed { detail, .. } = &news
            && self.update.is_working()
        {
            self.say(NoticeCode::UpdateFailed, Some(detail.as_str().into()));
        }
        let order = self.update.hear(news, !self.window_visible, self.now);
        self.order(order);
    }

    /// A restart that was agreed to before a call came would end the call.
    pub(super) fn keep_updates_from_calls(&mut self) {
        if !self.is_free() {
            self.update.interrupt();
        }
    }

    fn order(&mut self, order: Option<UpdateOrder>) {
        if let Some(order) = order {
            self.act(Act::Update(order));
        }
    }
}

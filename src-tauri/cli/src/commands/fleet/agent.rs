//! One agent of the fleet: a bus with a practice centre, the uplink, and the robot.

use std::sync::Arc;

use offhook_bus::{Bus, Delivery, JoinError, Port, Role};
use offhook_engine::{Clock, practise};
use offhook_practice::{Practice, Scenario};
use offhook_protocol::{Access, CallRequest, Event, Request};
use offhook_uplink::{Branch, Identity, Order, Status, Transport, Trouble, drive};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep_until},
};

use super::{
    counted::Counted,
    report::{Tally, Whereabouts},
    robot::Robot,
};

/// The robot's name on the bus.
const ROBOT: &str = "robot";

/// See the module.
pub(super) struct Agent<T> {
    pub(super) branch: Branch,
    pub(super) way: Counted<T>,
    pub(super) scenario: Scenario,
    pub(super) calls_per_hour: u32,
    pub(super) clock: Clock,
    pub(super) tally: Arc<Tally>,
    pub(super) seed: u64,
}

/// What runs beside the robot.
struct Phone {
    robot: Port,
    orders: mpsc::Sender<Order>,
    status: watch::Receiver<Status>,
    uplink: JoinHandle<()>,
    centre: JoinHandle<()>,
}

impl<T: Transport + 'static> Agent<T>
where
    T::Connection: 'static,
{
    /// Takes calls until told to stop, then says good-bye to the broker. Returns early, and why, if the
    /// broker wants it no more.
    pub(super) async fn work(self, stopped: watch::Receiver<bool>) -> Option<Trouble> {
        let mut robot = Robot::new(self.calls_per_hour, self.seed);
        let tally = Arc::clone(&self.tally);
        match self.connect() {
            Ok(phone) => phone.work(&mut robot, &tally, stopped).await,
            Err(refused) => unreachable!("its own bus has room for it: {refused}"),
        }
    }

    fn connect(self) -> Result<Phone, JoinError> {
        let bus = Bus::new();
        let centre = bus.join("practice", Access::Control, Role::Connector)?;
        let practice = Practice::new(self.scenario, self.seed, self.clock.timestamp());
        let centre = tokio::spawn(practise(practice, centre, self.clock.clone()));

        let (orders, taken) = mpsc::channel(1);
        let (told, status) = watch::channel(Status::Connecting { after: None });
        let identity = Identity {
            branch: self.branch,
            program: concat!("Offhook/", env!("CARGO_PKG_VERSION")).to_owned(),
            seed: self.seed,
        };
        let port = bus.join("uplink", Access::Control, Role::App)?;
        let uplink = drive(identity, port, self.way, self.clock, taken, told);
        Ok(Phone {
            robot: bus.join_with_state(ROBOT, Access::Control)?,
            orders,
            status,
            uplink: tokio::spawn(uplink),
            centre,
        })
    }
}

impl Phone {
    async fn work(
        mut self,
        robot: &mut Robot,
        tally: &Tally,
        mut stopped: watch::Receiver<bool>,
    ) -> Option<Trouble> {
        let mut whereabouts = Whereabouts::new(tally);
        let mut refused = None;
        while refused.is_none() {
            tokio::select! {
                Ok(()) = self.status.changed() => {
                    let status = self.status.borrow_and_update();
                    whereabouts.see(&status);
                    if let Status::Stopped { trouble } = &*status {
                        refused = Some(trouble.clone());
                    }
                }
                delivery = self.robot.recv() => match delivery {
                    Some(delivery) => hear(robot, tally, &delivery),
                    None => break,
                },
                Some(()) = at(robot.due()) => self.act(robot, tally, whereabouts.is_online()),
                _ = stopped.changed() => break,
            }
        }
        // Fails only if it has ended already.
        let _ = self.orders.send(Order::Stop).await;
        let _ = self.uplink.await;
        self.centre.abort();
        refused
    }

    fn act(&self, robot: &mut Robot, tally: &Tally, online: bool) {
        let Some(request) = robot.act() else {
            return;
        };
        if online && request == Request::Call(CallRequest::Answer) {
            Tally::count(&tally.calls);
        }
        if self.robot.send(request.envelope(ROBOT)).is_err() {
            Tally::count(&tally.errors);
        }
    }
}

fn hear(robot: &mut Robot, tally: &Tally, delivery: &Delivery) {
    let Delivery::Message { envelope, .. } = delivery else {
        return;
    };
    let Some(event) = Event::read(envelope.envelope()) else {
        return;
    };
    if let Event::Error(_) = event {
        Tally::count(&tally.errors);
    }
    robot.hear(&event, Instant::now());
}

/// `None` at once if there is no such moment.
async fn at(moment: Option<Instant>) -> Option<()> {
    sleep_until(moment?).await;
    Some(())
}

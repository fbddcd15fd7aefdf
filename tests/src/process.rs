//! Processes that end with their owner.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A running program. Ends when this is dropped.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Starts a program; what it prints goes to `<name>.log` in the folder.
    pub fn start(mut command: Command, logs: &Path) -> Result<Self> {
        let log = log(&command, logs)?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        spawn(command)
    }

    /// Starts a program and returns the first line it prints, by which it says that it is ready.
    pub(crate) fn start_and_read_line(mut command: Command, logs: &Path) -> Result<(Self, String)> {
        let log = log(&command, logs)?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log);
        let name = command.get_program().to_owned();
        let mut process = spawn(command)?;
        let output = process.0.stdout.take().context("the output is piped")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        ensure!(!line.is_empty(), "{} ended at once", name.display());
        Ok((process, line.trim_end().to_owned()))
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill_process(self.id()?, signal)?)
    }

    /// Kills what it has started, too, if it was started in a process group of its own.
    pub(crate) fn kill_group(&self) -> Result<()> {
        Ok(kill_process_group(self.id()?, Signal::KILL)?)
    }

    fn id(&self) -> Result<Pid> {
        Pid::from_raw(self.0.id().cast_signed()).context("a process has an id")
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn end(mut self) -> Result<()> {
        self.signal(Signal::TERM)?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn spawn(mut command: Command) -> Result<Process> {
    let child = command.spawn().with_context(|| {
        format!(
            "{} does not start; `cargo xtask test` installs what is missing",
            command.get_program().display()
        )
    })?;
    Ok(Process(child))
}

fn log(command: &Command, logs: &Path) -> Result<File> {
    let name = Path::new(command.get_program())
        .file_name()
        .context("a program has a name")?;
    let path = logs.join(name).with_extension("log");
    Ok(File::options().create(true).append(true).open(path)?)
}

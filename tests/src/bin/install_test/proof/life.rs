//! Twice through a package's life: with nothing but what it depends on, and on a furnished desktop.

mod calls;
mod desktop;
mod install;
mod login;
mod upgrade;

use std::path::Path;

use anyhow::Result;

use super::{desk::Desk, files::Files, package::Package, report::step, root::Root};

/// What is tried, and where.
pub(crate) struct Life<'r> {
    root: &'r Root,
    package: Package,
    pictures: &'r Path,
}

impl<'r> Life<'r> {
    pub(crate) fn new(root: &'r Root, package: &Path, pictures: &'r Path) -> Result<Self> {
        Ok(Self {
            root,
            package: Package::bring(root, package)?,
            pictures,
        })
    }

    /// Ends with the first step that fails.
    pub(crate) async fn live(&self) -> Result<()> {
        self.alone().await?;
        self.furnished().await
    }

    /// Nothing else is installed, so that whatever it needs, it has asked for.
    async fn alone(&self) -> Result<()> {
        let Self { root, package, .. } = self;
        step("what it depends on is installed", async {
            install::dependencies(root, package)
        })
        .await?;
        let before = Files::of(root)?;
        step("apt installs it, and just its own files", async {
            install::install(root, package, &before)
        })
        .await?;
        step("its programs start and find their libraries", async {
            install::libraries(root, package)
        })
        .await?;
        {
            let desk = Desk::start(root, self.pictures).await?;
            step(
                "a practice call rings, is answered, talks and ends",
                calls::take(&desk),
            )
            .await?;
        }
        step("after purge nothing of it is there", async {
            install::purge(root)?;
            install::is_as_before(root, &before, &[])
        })
        .await
    }

    async fn furnished(&self) -> Result<()> {
        let Self { root, package, .. } = self;
        step("the usual tools of a desktop are installed", async {
            install::tools(root)
        })
        .await?;
        let before = Files::of(root)?;
        root.run(
            "apt-get",
            &[&install::INSTALL[..], &[&package.file]].concat(),
        )?;

        let desk = Desk::start(root, self.pictures).await?;
        step("man pages can be read, and shells complete", async {
            desktop::manuals(&desk)?;
            desktop::completions(&desk)
        })
        .await?;
        step("the desktop knows it as a program for links", async {
            desktop::handlers(&desk)
        })
        .await?;
        step(
            "a link is dialled by the phone that runs",
            desktop::link(&desk),
        )
        .await?;
        step(
            "a later version is installed during a call",
            upgrade::upgrade(root, &desk, package),
        )
        .await?;
        step(
            "the later version starts, with the person's settings",
            upgrade::start(&desk, root),
        )
        .await?;
        step(
            "at login it ends at once, or starts if the policy says so",
            login::login(root, &desk),
        )
        .await?;
        step(
            "after removal the administrator's changes are there, after purge nothing",
            async {
                install::remove(root)?;
                install::purge(root)?;
                install::is_as_before(root, &before, &login::KEPT)
            },
        )
        .await?;
        step("what the person made is still there", async {
            desk.run(
                "sh",
                &["-c", "find ~/.config ~/.local -type f | sort | xargs"],
            )
        })
        .await
    }
}

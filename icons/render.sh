#!/bin/sh
# Renders the pictures of this folder from app.svg and tray.svg. Run it after changing one of them
# and commit what it writes. Needs rsvg-convert (Debian: librsvg2-bin) and npx.
set -eu
cd "$(dirname "$0")"

# The tray icon at twice its usual 22 px, so that it stays sharp on a scaled panel.
for state in ready not-ready ringing on-call on-hold wrap-up lost; do
    style=$(mktemp)
    printf '.state { display: none } #%s { display: inline }' "$state" >"$style"
    rsvg-convert --stylesheet "$style" --width 44 --height 44 --output "tray-$state.png" tray.svg
    rm "$style"
done

# The application icon: PNGs for Linux, .ico for Windows, .icns for macOS.
work=$(mktemp -d)
rsvg-convert --width 1024 --height 1024 --output "$work/app.png" app.svg
npx --yes @tauri-apps/cli@2.12.5 icon "$work/app.png" --output "$work/out"
for name in 32x32.png 128x128.png 128x128@2x.png icon.ico icon.icns; do
    cp "$work/out/$name" .
done
rm -r "$work"

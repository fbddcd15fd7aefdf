#!/bin/sh
# Renders the pictures of this folder from app.svg and tray.svg. Run it after changing one of them
# and commit what it writes. Needs rsvg-convert (Debian: librsvg2-bin) and npx.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# The tray icon in one drawing, in pixels that are twice what its panels usually have, so that it stays
# sharp on a scaled one.
tray() {
    drawing=$1 pixels=$2
    mkdir -p "tray/$drawing"
    for state in ready not-ready ringing on-call on-hold wrap-up lost; do
        {
            printf '.state { display: none } #%s { display: inline }\n' "$state"
            [ "$drawing" = dark ] || cat "tray-$drawing.css"
        } >"$work/tray.css"
        rsvg-convert --stylesheet "$work/tray.css" --width "$pixels" --height "$pixels" \
            --output "tray/$drawing/$state.png" tray.svg
    done
}
tray dark 44
tray light 44
tray template 36

# The application icon: PNGs for Linux, .ico for Windows, .icns for macOS.
for pixels in 16 22 24 32 48 64 128 256 512; do
    rsvg-convert --width "$pixels" --height "$pixels" --output "${pixels}x$pixels.png" app.svg
done
rsvg-convert --width 1024 --height 1024 --output "$work/app.png" app.svg
npx --yes @tauri-apps/cli@2.12.5 icon "$work/app.png" --output "$work/out"
cp "$work/out/icon.ico" "$work/out/icon.icns" .

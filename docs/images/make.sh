#!/bin/bash
# Makes the pictures of this folder: six prompts at seed 1, six frames of each clip in a row.
set -eu
cd "$(dirname "$0")/../.."
clips=$(mktemp -d)
./xvideo generate --prompt-file docs/images/prompts.txt --seed 1 --output "$clips/clip.mp4"
for clip in "$clips"/*.mp4; do ffmpeg -v error -y -i "$clip" -vf "select=not(mod(n\,8)),scale=192:-1,tile=6x1" -frames:v 1 "$clip.png"; done
ffmpeg -v error -y $(printf -- '-i %s ' "$clips"/*.png) -filter_complex vstack=inputs=6 docs/images/default-model.png
cp "$clips/clip-001.mp4.png" docs/images/red-ball.png
rm -r "$clips"

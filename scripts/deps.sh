#!/usr/bin/env bash
# Installs what the whole test suite needs on a Debian machine, as far as it is missing: PostgreSQL, Chromium, Node with npm (assets, JavaScript
# tests), fonts, PDF tools, LibreOffice Writer (documents opened by another program), Tesseract with Vietnamese, a C compiler (race detector
# only). With arguments only Node and npm. On other systems it only says what is missing.
set -euo pipefail
want() { # PACKAGE TEST…
	local package=$1; shift
	"$@" >/dev/null 2>&1 || missing="$missing $package"
}
missing=""
want nodejs which node
want npm which npm
if [ "$#" = 0 ]; then
	want gcc which gcc
	want libc6-dev test -e /usr/include/stdlib.h
	want postgresql test -n "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null)"
	want chromium which chromium
	want fonts-croscore test -e /usr/share/fonts/truetype/croscore/Tinos-Regular.ttf
	want fonts-noto-core test -d /usr/share/fonts/truetype/noto
	want poppler-utils which pdftotext
	want libreoffice-writer-nogui which soffice
	want tesseract-ocr which tesseract
	want tesseract-ocr-vie test -n "$(ls /usr/share/tesseract-ocr/*/tessdata/vie.traineddata 2>/dev/null)"
fi
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null || { [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; }; then
	echo "make test needs:$missing (or the like); install them and run it again" >&2
	exit 1
fi
as=""; [ "$(id -u)" = 0 ] || as=sudo
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$as apt-get update -qq
# shellcheck disable=SC2086
$as apt-get install -y -qq --no-install-recommends $missing >/dev/null

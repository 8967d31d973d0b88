#!/bin/sh
# Installs this bundle without any network: programs under /opt/atumpan, units for systemd, a user, and the command atumpan.
# Starts nothing, overwrites no configuration and no key, and leaves the version before where it is.
#
#   ./install.sh --node node-v24.21.0-linux-x64.tar.xz --node-sha256 HEX    Node as its makers publish it, and its digest
#   ./install.sh --node-from /usr                                           a Node 24.12 or newer that is on this machine
#   ./install.sh ... --root DIR                                             into a folder, for a trial or for a packager
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
node_archive="" node_sha256="" node_from="" root=""

stop() {
  echo "install: $1" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || stop "$1 needs a value"
  case $1 in
    --node) node_archive=$2 ;;
    --node-sha256) node_sha256=$2 ;;
    --node-from) node_from=$2 ;;
    --root) root=$2 ;;
    *) stop "$1 is not one of --node, --node-sha256, --node-from, --root" ;;
  esac
  shift 2
done

[ -n "$root" ] || [ "$(id -u)" = 0 ] || stop "run it as root, or name a folder with --root"
version=$(cat "$here/VERSION")
opt="$root/opt/atumpan"

# nothing of it runs, and nothing is installed, before every file is what it was when the bundle was made
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || stop "a file of this bundle is not what it was; fetch it again"

# a Node is tried before it takes the place of one that serves
try_node() {
  [ -x "$1/bin/node" ] || stop "there is no $1/bin/node"
  "$1/bin/node" -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 24 || (major === 24 && minor >= 12) ? 0 : 1);
  ' || stop "Node 24.12 or newer is needed, and this one is $("$1/bin/node" --version)"
}

mkdir -p "$opt/bin"
if [ -n "$node_archive" ]; then
  [ -n "$node_sha256" ] || stop "--node needs --node-sha256: its line of SHASUMS256.txt, which its makers sign"
  told=$(sha256sum "$node_archive" | cut -d" " -f1)
  [ "$told" = "$node_sha256" ] || stop "$node_archive has another digest than --node-sha256 says"
  rm -rf "$opt/node.new"
  mkdir "$opt/node.new"
  tar -x -f "$node_archive" -C "$opt/node.new" --strip-components=1 --no-same-owner
  try_node "$opt/node.new"
  rm -rf "$opt/node"
  mv -T "$opt/node.new" "$opt/node"
elif [ -n "$node_from" ]; then
  try_node "$node_from"
  rm -rf "$opt/node"
  ln -s "$node_from" "$opt/node"
fi
[ -e "$opt/node" ] || stop "there is no Node yet: name one with --node and --node-sha256, or --node-from"
try_node "$opt/node"

rm -rf "$opt/$version.new"
cp -R "$here/app" "$opt/$version.new"
rm -rf "${opt:?}/$version"
mv -T "$opt/$version.new" "$opt/$version"
if [ -e "$here/bin/nats-server" ]; then
  cp "$here/bin/nats-server" "$opt/bin/nats-server.new"
  mv -T "$opt/bin/nats-server.new" "$opt/bin/nats-server"
fi
# whoever starts a program meanwhile has the old version or the new one
ln -sfn "$version" "$opt/current.new"
mv -T "$opt/current.new" "$opt/current"

mkdir -p "$root/etc/systemd/system" "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d" \
  "$root/usr/local/bin" "$root/usr/local/share/man/man1"
cp "$here"/systemd/*.service "$root/etc/systemd/system/"
cp "$here/systemd/atumpan.sysusers" "$root/usr/lib/sysusers.d/atumpan.conf"
cp "$here/systemd/atumpan.tmpfiles" "$root/usr/lib/tmpfiles.d/atumpan.conf"
cp "$here/man/atumpan.1" "$root/usr/local/share/man/man1/"
cp "$here/bin/atumpan" "$root/usr/local/bin/atumpan"

if [ -z "$root" ]; then
  systemd-sysusers atumpan.conf
  systemd-tmpfiles --create atumpan.conf
  systemctl daemon-reload
fi
echo "atumpan $version is installed. Nothing was started. Next: put the folder of a gateway into"
echo "/var/lib/atumpan/gateway (owned by atumpan, keys for it alone), then: systemctl enable --now atumpan-gateway"

# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034  # the lists are used by the scripts that source this
# Sourced by the commands that people type: installs the Debian packages that are missing, then
# configures and builds. Everything it has to say goes to standard error, for standard output belongs
# to the simulator. Nothing here depends on the working directory, or changes it.

# The one list of what the project is built and tested with.
build_packages=(
  g++ cmake ninja-build pkg-config
  libsystemc-dev libfmt-dev libcli11-dev nlohmann-json3-dev libarchive-dev
  catch2
)

# What the long tests need besides.
long_test_packages=(clang libclang-rt-dev clang-format clang-tidy shellcheck)

project_root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")

fail() {
  printf '%s\n' "$@" >&2
  exit 2
}

# missing_packages NAME... : those that are not installed, a line each.
missing_packages() {
  local -A installed=()
  local status name
  # shellcheck disable=SC2016  # the fields are dpkg-query's, not the shell's
  while read -r status name; do
    [[ $status != installed ]] || installed[$name]=yes
  done < <(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)

  for name in "$@"; do
    [[ -n ${installed[$name]-} ]] || printf '%s\n' "$name"
  done
}

# install_packages NAME... : installs the missing ones. Without any, neither apt nor sudo is called.
install_packages() {
  command -v dpkg-query >/dev/null \
    || fail 'This is not a Debian system, so the packages cannot be installed here.' \
            "Install what Debian calls: $*" \
            'Then: cmake --preset release && cmake --build --preset release'

  local missing
  mapfile -t missing < <(missing_packages "$@")
  (( ${#missing[@]} > 0 )) || return 0

  local as_root=()
  if (( $(id -u) != 0 )); then
    command -v sudo >/dev/null \
      || fail 'Debian packages are missing, and installing them needs root or sudo.' \
              "As root: apt-get update && apt-get install --no-install-recommends ${missing[*]}" \
              'Then call this command again.'
    as_root=(sudo)
  fi

  printf 'Installing Debian packages: %s\n' "${missing[*]}" >&2
  # su keeps the caller's PATH, and dpkg refuses to work without the sbin directories.
  local apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "PATH=$PATH:/usr/sbin:/sbin"
                 apt-get --quiet --option DPkg::Lock::Timeout=300)
  # A fresh machine has no package lists.
  if ! { "${apt_get[@]}" update && "${apt_get[@]}" install --yes --no-install-recommends "${missing[@]}"; } \
       </dev/null >&2; then
    fail "Could not install: ${missing[*]}" 'The messages above say why; then call this command again.'
  fi
}

# build_directory PRESET : where that preset of CMakePresets.json builds.
build_directory() {
  case $1 in
    release) printf '%s\n' "$project_root/build" ;;
    *)       printf '%s\n' "$project_root/build-$1" ;;
  esac
}

# Once configured, ninja itself sees when a CMake list has changed. It does not see a changed preset,
# nor a tree that has been moved or copied.
is_configured() {
  local directory=$1
  [[ -f $directory/build.ninja && ! $project_root/CMakePresets.json -nt $directory/build.ninja ]] \
    && grep --quiet --no-messages --fixed-strings --line-regexp \
            "CMAKE_HOME_DIRECTORY:INTERNAL=$project_root" "$directory/CMakeCache.txt"
}

# build PRESET [TARGET [NINJA_OPTION...]] : configures if needed and brings the target, or everything,
# up to date.
build() {
  local preset=$1 target=${2-all} ninja_options=("${@:3}") directory
  directory=$(build_directory "$preset")

  if [[ -e $directory && ! -w $directory ]] || [[ ! -e $directory && ! -w $project_root ]]; then
    fail "Cannot write to $directory as $(id -un)." \
         'Call this command as the user who owns it, or remove that directory.'
  fi

  {
    is_configured "$directory" || cmake --fresh -S "$project_root" --preset "$preset"
    cmake --build "$directory" --target "$target" -- "${ninja_options[@]}"
  } </dev/null >&2
}

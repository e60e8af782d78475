# shellcheck shell=bash disable=SC2034,SC2154
# Finds a JDK 25 or newer and Maven. Sourced by plinth, verify and bench, which set $me, the name to speak under.

readonly java_needed=25

# Prints the feature release of the JDK in folder $1 (25), or nothing where there is none.
jdk_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the folder of the program $1 on the PATH, links followed: /usr/lib/jvm/jdk-25 for java.
home_on_path() {
  local program link
  program=$(command -v "$1") || return 0
  while [ -L "$program" ]; do
    link=$(readlink "$program")
    case $link in
      /*) program=$link ;;
      *) program=${program%/*}/$link ;;
    esac
  done
  (cd "${program%/*}/.." && pwd -P)
}

# Sets jdk to the first JDK that is new enough, or ends with what to install.
find_jdk() {
  local home release seen=""
  for home in "${JAVA_HOME:-}" "$(home_on_path java)" \
    /usr/lib/jvm/* /usr/java/* /opt/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    release=$(jdk_release "$home")
    [ -n "$release" ] || continue
    if [ "$release" -ge "$java_needed" ]; then
      jdk=$home
      return
    fi
    home=$(cd "$home" && pwd -P)
    case $seen in
      *"$home is"*) ;;
      *)
        seen="$seen
  $home is a JDK $release"
        ;;
    esac
  done
  cat >&2 <<END
$me: no JDK $java_needed or newer found (looked at JAVA_HOME, java on the PATH, and the usual folders such as /usr/lib/jvm and ~/.sdkman).${seen:+
Found, but too old:$seen}
Install one, for example:
  Debian, Ubuntu   apt install openjdk-25-jdk         (older releases: temurin-25-jdk from adoptium.net)
  Fedora, RHEL     dnf install java-25-openjdk-devel
  macOS            brew install openjdk@25
  anywhere         sdk install java 25-tem            (sdkman.io)
Then run this again. If it stands in another folder, name it: JAVA_HOME=/path/to/jdk-25 $me ...
END
  exit 1
}

# Sets maven to the Maven command, or ends with what to install.
find_maven() {
  for maven in "$(command -v mvn)" "${MAVEN_HOME:-}/bin/mvn" "${M2_HOME:-}/bin/mvn" \
    "$HOME"/.sdkman/candidates/maven/current/bin/mvn /opt/*maven*/bin/mvn /usr/share/maven/bin/mvn /opt/homebrew/bin/mvn; do
    [ -x "$maven" ] && return
  done
  cat >&2 <<END
$me: Maven not found (looked for mvn on the PATH, MAVEN_HOME, and the usual folders such as /opt and ~/.sdkman).
Install it, for example:
  Debian, Ubuntu   apt install maven
  Fedora, RHEL     dnf install maven
  macOS            brew install maven
  anywhere         sdk install maven                  (sdkman.io)
Then run this again.
END
  exit 1
}

# What a machine does at its first boot. The lines above this file set the variables that it reads.
# shellcheck shell=sh disable=SC1091,SC2154
exec >>/var/log/m1-first-boot.log 2>&1
set -x

. /etc/os-release
family=" $ID ${ID_LIKE:-} "

install_packages() {
  case $family in
    *" debian "* | *" ubuntu "*)
      export DEBIAN_FRONTEND=noninteractive
      apt-get -qq update
      apt-get -qy install --no-install-recommends "$@"
      ;;
    *suse* | *sles*) zypper --non-interactive install "$@" ;;
    *) yum -y install "$@" ;;
  esac
}

case $family in
  *" debian "* | *" ubuntu "*)
    command -v locale-gen || install_packages locales
    sed -i 's/^# *\(en_US.UTF-8\)/\1/' /etc/locale.gen
    locale-gen
    ;;
esac

# On Nitro an EBS volume shows up as /dev/nvmeXn1, in any order. Its controller knows the device that it was attached as,
# and udev makes a link of that name: for the volumes that are there, and for those that come later.
command -v nvme || install_packages nvme-cli
cat >/usr/local/sbin/ebs-device <<'SCRIPT'
#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
nvme id-ctrl --raw-binary "/dev/$1" | dd bs=1 skip=3072 count=32 2>/dev/null | tr -d ' \000' | sed 's,^/dev/,,'
SCRIPT
chmod 0755 /usr/local/sbin/ebs-device
cat >/etc/udev/rules.d/70-ebs-device.rules <<'RULES'
SUBSYSTEM=="block", KERNEL=="nvme[0-9]*n1", ATTRS{model}=="Amazon Elastic Block Store*", PROGRAM="/usr/local/sbin/ebs-device %k", SYMLINK+="%c"
RULES
udevadm control --reload
udevadm trigger --subsystem-match=block

# Host keys that are known before the machine is.
if [ -n "$hostkey_bucket" ]; then
  case $family in
    *" debian "* | *" ubuntu "*) install_packages python3 python3-venv ;;
    *) install_packages python3 ;;
  esac
  python3 -m venv /opt/m1-aws && /opt/m1-aws/bin/pip -q install awscli
  new=$(mktemp -d)
  complete=yes
  for key in rsa rsa.pub ecdsa ecdsa.pub; do
    /opt/m1-aws/bin/aws --region "$bucket_region" s3 cp \
      "s3://$hostkey_bucket/$cluster_name/hostkeys/$key.txt" "$new/$key.txt" || complete=no
  done
  if [ $complete = yes ]; then
    rm -f /etc/ssh/ssh_host_*
    for kind in rsa ecdsa; do
      install -m 0600 "$new/$kind.txt" "/etc/ssh/ssh_host_${kind}_key"
      install -m 0644 "$new/$kind.pub.txt" "/etc/ssh/ssh_host_${kind}_key.pub"
    done
  fi
  rm -rf "$new"
fi

if [ -n "$root_key" ]; then
  install -d -m 0700 /root/.ssh
  printf '%s\n' "$root_key" >>/root/.ssh/authorized_keys
  chmod 0600 /root/.ssh/authorized_keys
fi

if [ "$ssh_user" = root ]; then
  sed -i 's/^PermitRootLogin no/PermitRootLogin prohibit-password/' /etc/ssh/sshd_config
fi

if [ "$ssh_port" != 22 ]; then
  if command -v semanage; then
    semanage port -a -t ssh_port_t -p tcp "$ssh_port"
  fi
  # Above everything else: below a `Match` it would belong to that.
  sed -i "1i Port 22\nPort $ssh_port" /etc/ssh/sshd_config
fi

systemctl restart ssh || systemctl restart sshd

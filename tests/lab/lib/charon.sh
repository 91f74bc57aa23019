# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# charon.sh - charon-systemd of the distribution or another, in either role.
#
# The only collision between several charons on a machine are unix sockets in
# /run; a role's /run is private. charon.vici is moved out of it, so that it
# can be used from outside.

# LAB_STRONGSWAN, from the environment, is a tree to which another strongSwan
# with --prefix=/usr --sysconfdir=/etc was installed (make install DESTDIR=tree);
# both charons are taken from there then.
LAB_STRONGSWAN=${LAB_STRONGSWAN:-}

# charon_vici ROLE: path of the vici socket.
charon_vici() { echo "$LAB_DIR/$1/charon.vici"; }

# charon_conf ROLE CHARON PLUGINS: write strongswan.conf; CHARON and PLUGINS
# are more lines for these two sections.
charon_conf() {
	local dir=$LAB_DIR/$1
	mkdir -p "$dir"
	cat >"$dir/strongswan.conf" <<-END
		charon-systemd {
			load_modular = yes
			start-scripts {
			}
			journal {
				default = -1
			}
			filelog {
				lab {
					path = $LAB_DIR/log/charon-$1.log
					default = 1
					tls = 2
					flush_line = yes
					time_format = %H:%M:%S
					time_add_ms = yes
				}
			}
			plugins {
				include /etc/strongswan.d/charon/*.conf
				# IGMP of its own would disturb what we watch.
				forecast {
					load = no
				}
				$(_charon_esp "$1")
				vici {
					socket = unix://$(charon_vici "$1")
				}
				$3
			}
			# After what is included, which it may set otherwise.
			$2
		}
		swanctl {
		}
	END
	_charon_swanctl_dir "$dir/swanctl"
}

_charon_esp() {
	if [ "$1" = client ] && [ "$CLIENT_ESP" = none ]; then
		printf 'kernel-libipsec {\n load = no\n}\n'
		return
	fi
	net_kernel_has_esp && return 0
	printf 'kernel-libipsec {\n load = yes\n}\n'
}

_charon_swanctl_dir() {
	rm -rf "$1"
	mkdir -p "$1"/{x509,x509ca,x509crl,x509ocsp,x509aa,x509ac,pubkey,rsa} \
		"$1"/{ecdsa,bliss,pkcs8,pkcs12,private,conf.d}
	: >"$1/swanctl.conf"
}

# charon_launch ROLE [COMMAND...]: start it, under COMMAND if there is one;
# charon_ready ROLE: wait until vici answers.
charon_launch() {
	local role=$1
	shift
	rm -f "$(charon_vici "$role")"
	role_spawn "$role" "charon-$role" env \
		STRONGSWAN_CONF="$LAB_DIR/$role/strongswan.conf" \
		SWANCTL_DIR="$LAB_DIR/$role/swanctl" "$@" /usr/sbin/charon-systemd
}

charon_ready() {
	wait_for "${CHARON_START:-8}" charon_swanctl "$1" --stats || {
		echo "lab: charon of $1 does not answer" >&2
		return 1
	}
	# It stays up, deaf, if another one still holds the port.
	! grep -s "unable to bind socket" "$LAB_DIR/log/charon-$1.log" >&2
}

# charon_swanctl ROLE COMMAND [ARG...]: swanctl for that charon.
charon_swanctl() {
	local role=$1
	shift
	role_exec "$role" env STRONGSWAN_CONF="$LAB_DIR/$role/strongswan.conf" \
		SWANCTL_DIR="$LAB_DIR/$role/swanctl" \
		swanctl "$@" --uri "unix://$(charon_vici "$role")"
}

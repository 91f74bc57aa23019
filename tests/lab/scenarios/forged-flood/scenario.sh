# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Somebody who is not on the way floods the client with IKE messages that bear
# the gateway's address: answers with SPIs that are guessed, notifies in the
# clear, requests, garbage. Meanwhile a dial connects; and one that NPS refuses
# says what it would say anyway.
LAB_NOT_STOCK="aovpnd dials"
NPS_KIND=alert

scenario_inject() {
	profile_write revoked \
		"Credential.Certificate=$(pki_cert user1-revoked)" \
		"Credential.PrivateKey=$(pki_key user1-revoked)"
}

scenario_dial() {
	local flood
	flood 12 "$(charon_client_address)" >"$LAB_DIR/flood" &
	flood=$!
	wait_for 5 test -s "$LAB_DIR/flood"
	lab_dial revoked >"$LAB_DIR/refused"
	lab_dial lab
	local status=$?
	kill "$flood" && wait "$flood"
	return $status
}
charon_client_address() {
	net_exec client ip -4 -o addr show scope global |
		awk '{ sub("/.*", "", $4); print $4; exit }'
}

# flood SECONDS ADDRESS: by raw sockets, from the router.
flood() {
	net_exec router /usr/bin/python3 - "$1" "$NET_GATEWAY" "$2" <<-'END'
		import os, random, socket, struct, sys, time
		seconds, source, target = int(sys.argv[1]), sys.argv[2], sys.argv[3]
		raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
		def ike():
		    kind = random.randrange(4)
		    if kind == 0:
		        return os.urandom(random.randrange(200))
		    notify = struct.pack("!BBHBBH", 0, 0, 8, 0, 0,
		                         random.choice([14, 17, 24, 7, 12345]))
		    exchange, flags = random.choice([(34, 0x20), (35, 0x20), (34, 0x08),
		                                     (36, 0x00)])
		    return os.urandom(16) + struct.pack("!BBBBII", 41, 0x20, exchange, flags,
		                                        random.randrange(3), 28 + 8) + notify
		def packet(port, data):
		    if port == 4500:
		        data = bytes(4) + data
		    udp = struct.pack("!HHHH", port, port, 8 + len(data), 0) + data
		    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64,
		                       17, 0, socket.inet_aton(source),
		                       socket.inet_aton(target)) + udp
		end, sent = time.monotonic() + seconds, 0
		try:
		    while time.monotonic() < end:
		        for _ in range(20):
		            raw.sendto(packet(random.choice([500, 4500]), ike()), (target, 0))
		        sent += 20
		        print(sent, flush=True)
		        time.sleep(0.005)
		except KeyboardInterrupt:
		    pass
	END
}

scenario_check() {
	check "there was a flood" test "$(tail -n 1 "$LAB_DIR/flood")" -gt 400
	check "the refused dial says why, not $(tail -n 1 "$LAB_DIR/refused" | jq -c '[.ras_code, .cause]')" \
		refused_is 855 client-cert-revoked
	check "a packet crosses the tunnel" tunnel_works
}
refused_is() {
	tail -n 1 "$LAB_DIR/refused" | jq -e --argjson code "$1" \
		--arg cause "$2" '.ras_code == $code and .cause == $cause'
}

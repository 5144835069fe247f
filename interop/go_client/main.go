// SPDX-License-Identifier: Apache-2.0

// A session of go-smb2: put, get, list, delete. usage: go_client PORT DIALECT USER, the password in INTEROP_PASSWORD.
// GOPATH build of Debian's golang-github-hirochachacha-go-smb2-dev.
package main

import (
	"bytes"
	"log"
	"net"
	"os"

	"github.com/hirochachacha/go-smb2"
)

var dialects = map[string]uint16{"2.0.2": 0x0202, "2.1": 0x0210, "3.0": 0x0300, "3.0.2": 0x0302, "3.1.1": 0x0311}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	log.SetFlags(0)
	connection, err := net.Dial("tcp", "127.0.0.1:"+os.Args[1])
	check(err)
	dialer := &smb2.Dialer{
		Negotiator: smb2.Negotiator{RequireMessageSigning: true, SpecifiedDialect: dialects[os.Args[2]]},
		Initiator:  &smb2.NTLMInitiator{User: os.Args[3], Password: os.Getenv("INTEROP_PASSWORD")},
	}
	session, err := dialer.Dial(connection)
	check(err)
	share, err := session.Mount("share")
	check(err)
	content := bytes.Repeat([]byte("countersign "), 10000)
	check(share.WriteFile("go.txt", content, 0644))
	back, err := share.ReadFile("go.txt")
	check(err)
	if !bytes.Equal(back, content) {
		log.Fatal("the file came back changed")
	}
	entries, err := share.ReadDir(".")
	check(err)
	if len(entries) == 0 {
		log.Fatal("the folder is empty")
	}
	check(share.Remove("go.txt"))
	check(share.Umount())
	check(session.Logoff())
}

package userservice

import (
	"fmt"
	"strconv"
	"strings"
)

// given are the users that are there from the start (UserService.users).
var given = [...]struct {
	name, email string
	age         int32
}{
	{"Alice", "alice@example.com", 30},
	{"Bob", "bob@example.com", 25},
	{"Charlie", "charlie@example.com", 35},
}

// created are the users whom clients create in turn (test_client_streaming).
var created = [...]struct {
	name string
	age  int32
}{
	{"David", 28},
	{"Eve", 22},
	{"Frank", 40},
}

// active is every user's status.
const active = "ACTIVE"

// domain ends all addresses.
const domain = "@example.com"

// email tells whose operation made a user. The document's are david@example.com
// and so on; two users with one address nobody could tell apart.
func email(source string, seq int64) string {
	return fmt.Sprintf("%s.%s.%d%s", strings.ToLower(created[seq%int64(len(created))].name), source, seq, domain)
}

// madeBy reads an email back. That of a given user tells nobody.
func madeBy(address string) (source string, seq int64) {
	parts := strings.Split(strings.TrimSuffix(address, domain), ".")
	if len(parts) != 3 {
		return "", 0
	}
	seq, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || seq < 1 || email(parts[1], seq) != address {
		return "", 0
	}
	return parts[1], seq
}

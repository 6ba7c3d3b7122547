// Package systems registers the labs, one line each.
package systems

import (
	"faultlab/sim/lab"
	"faultlab/systems/bank"
	"faultlab/systems/chat"
	"faultlab/systems/facade"
	"faultlab/systems/greeting"
	"faultlab/systems/multicast"
	"faultlab/systems/sensor"
	"faultlab/systems/tcpecho"
	"faultlab/systems/udpecho"
	"faultlab/systems/users"
	"faultlab/systems/userservice"
)

// All returns every lab.
func All() lab.Registry {
	return lab.Register(
		sensor.System(),
		greeting.System(),
		facade.System(),
		users.System(),
		userservice.System(),
		bank.System(),
		chat.System(),
		tcpecho.System(),
		udpecho.System(),
		multicast.System(),
	)
}

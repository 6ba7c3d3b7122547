// Package systems registers the labs, one line each.
package systems

import (
	"faultlab/sim/lab"
	"faultlab/systems/facade"
	"faultlab/systems/greeting"
	"faultlab/systems/sensor"
	"faultlab/systems/users"
)

// All returns every lab.
func All() lab.Registry {
	return lab.Register(
		sensor.System(),
		greeting.System(),
		facade.System(),
		users.System(),
	)
}

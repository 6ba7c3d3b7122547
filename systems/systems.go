// Package systems registers the labs, one line each.
package systems

import (
	"faultlab/sim/lab"
	"faultlab/systems/sensor"
)

// All returns every lab.
func All() lab.Registry {
	return lab.Register(
		sensor.System(),
	)
}

package facade

import "fmt"

// keyHeader is where a client names its message, for the hardened facade.
const keyHeader = "Idempotency-Key"

// longestKey bounds a client's name for a message, in bytes.
const longestKey = 200

// checkKey says what is wrong with a client's name for a message.
func checkKey(key string) error {
	if key == "" {
		return fmt.Errorf("name your message in a header %s, and post it again under the same name if no answer comes", keyHeader)
	}
	if len(key) > longestKey {
		return fmt.Errorf("the %s is over %d bytes", keyHeader, longestKey)
	}
	for _, c := range []byte(key) {
		if c < ' ' || c > '~' {
			return fmt.Errorf("the %s has other characters than printable ASCII", keyHeader)
		}
	}
	return nil
}

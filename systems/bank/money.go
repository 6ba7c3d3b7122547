package bank

import (
	"fmt"
	"math"
	"strconv"
)

// money is an amount in minor units, hundredths of whatever currency. Sums of
// it are exact. The document's are doubles, in which 0.10 + 0.20 is not 0.30.
type money int64

// String prints an amount as people write it.
func (m money) String() string { return fmt.Sprintf("%d.%02d", m/100, m%100) }

// float is the amount as the document's fields have it.
func (m money) float() float64 { return float64(m) / 100 }

const (
	// mostMoney is more than anybody converts at once. Up to it a double tells
	// all hundredths apart.
	mostMoney = money(1e12)
	// mostSum is more than anybody pays in. Up to it no product with a rate
	// overflows.
	mostSum = money(1e16)
)

var (
	errAmount = fmt.Errorf("an amount is more than 0, at most %v", mostMoney)
	errSum    = fmt.Errorf("a sum is at most %v", mostSum)
)

// fromFloat reads an amount off the document's field. What that field can hold
// besides amounts, NaN and the infinities and negative numbers, is none.
func fromFloat(f float64) (money, error) {
	if !(f > 0 && f <= mostMoney.float()) {
		return 0, errAmount
	}
	return money(math.Round(f * 100)), nil
}

// fromMinor reads an amount off the field that has it exactly.
func fromMinor(minor int64) (money, error) {
	if m := money(minor); m > 0 && m <= mostMoney {
		return m, nil
	}
	return 0, errAmount
}

// The document's rates.
const (
	rate     = 11.4 // of convert and performStream
	fullRate = 21   // of fullStream
)

// converted is the amount at the rate of 11.4, rounded half up.
func (m money) converted() money { return (m*114 + 5) / 10 }

// fullConverted is the amount at the rate of 21.
func (m money) fullConverted() money { return m * fullRate }

// resultText prints the result of a double as the exact one is printed.
func resultText(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

package bank

import "faultlab/sim/lab"

// Amounts are multiples of 0.05 up to 7000, which is the document's bound, and
// look random; the document draws them. No two operations have the same one,
// so that in a ledger without numbers an entry still tells whose it is. And a
// multiple of 0.05 has an exact result at both rates.
const (
	unit   = 5      // hundredths
	units  = 139999 // a prime
	spread = 126630 // scatters the amounts
	gather = 46977  // its inverse modulo units
)

// amountOf is what a client converts in an operation.
func amountOf(source string, seq int64) money {
	for i := range mostClients {
		if lab.Numbered("client", i) == source {
			return money((seq*mostClients+int64(i))*spread%units) * unit
		}
	}
	panic("bank: no client " + source)
}

// whose tells which operation an amount is of; ok is false if it is of none.
func whose(p lab.Params, amount money) (source string, seq int64, ok bool) {
	n := int64(amount) / unit * gather % units
	i, seq := int(n%mostClients), n/mostClients
	if amount%unit != 0 || amount/unit >= units || i >= p.Int("clients") || seq < 1 || seq > operations(p)+1 {
		return "", 0, false
	}
	return lab.Numbered("client", i), seq, true
}

func sumOf(source string, first, end int64) money {
	sum := money(0)
	for seq := first; seq < end; seq++ {
		sum += amountOf(source, seq)
	}
	return sum
}

package lab

import "strconv"

// Numbered names the i-th of many like nodes, from 0. The first is left
// without a number: most scenarios have just one.
func Numbered(word string, i int) string {
	if i == 0 {
		return word
	}
	return word + strconv.Itoa(i+1)
}

// Clients are n clients, called client, client2 and so on, on a machine each.
func Clients(n int) []Node {
	var all []Node
	for i := range n {
		name := Numbered("client", i)
		all = append(all, Node{Name: name, Role: "client", Host: name, Client: true})
	}
	return all
}

// ClientLinks lead from each of n Clients to a service.
func ClientLinks(n int, to string, port int) []Link {
	var all []Link
	for i := range n {
		all = append(all, Link{From: Numbered("client", i), To: to, Port: port})
	}
	return all
}

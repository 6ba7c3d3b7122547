//go:build unix

package live

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"faultlab/proxy"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// setUp makes all that a cluster consists of but its processes. After an error
// too, the cluster is taken down.
func (l *live) setUp(spec world.Spec, hooks world.Hooks) (*cluster, error) {
	c := &cluster{spec: spec, hooks: hooks, seats: map[string]*seat{}, disks: map[string]*folder{}, proxies: map[string]*proxy.Proxy{}, relays: map[string]*proxy.Relay{}}
	nodes, links := spec.System.Nodes(spec.Scenario.Params), spec.System.Links(spec.Scenario.Params)

	// Absolute, for a node works in another folder than its runner.
	temp, err := filepath.Abs(cmp.Or(l.opts.Temp, os.TempDir()))
	if err == nil {
		c.scratch, err = newScratch(temp)
	}
	if err != nil {
		return c, fmt.Errorf("make a folder for the run: %w", err)
	}
	if err := c.chooseDisks(l.opts.Disks); err != nil {
		return c, err
	}
	for _, n := range nodes {
		if err := c.addDisk(n.Host); err != nil {
			return c, err
		}
	}
	if c.at, err = assign(nodes, links, l.notice); err != nil {
		return c, err
	}
	c.server = proxy.NewServer()
	for _, link := range links {
		if c.at.nodes[link.From] == nil {
			continue // people come in the place of this client, by a way of theirs
		}
		if err := c.addLink(link.String(), c.at.links[link.String()], link, packetLimits); err != nil {
			return c, fmt.Errorf("set up the proxy of %s: %w", link, err)
		}
	}
	if l.opts.API != "" {
		err := c.serveAPI(l.opts.API)
		if l.opts.AnyAPI && errors.Is(err, unix.EADDRINUSE) {
			err = c.serveAPI("127.0.0.1:0")
		}
		if err != nil {
			return c, fmt.Errorf("serve the control API on %s: %w", l.opts.API, err)
		}
	}
	c.began = monotonic()
	for _, n := range nodes {
		c.seats[n.Name] = &seat{birth: birth{
			System: spec.System.Name, Variant: spec.Variant.Name, Node: n.Name,
			Params: spec.Scenario.Params.Text(), Seed: spec.Seed, Began: c.began,
			Folder: c.diskPath(n.Host),
			Listen: c.at.nodes[n.Name], Dial: c.at.dials(n.Name, links),
		}}
	}
	return c, nil
}

// addLink makes the proxy of a way to a service, or the relay, with limits, if it
// carries datagrams.
func (c *cluster) addLink(name, listen string, to lab.Link, limits proxy.Limits) (err error) {
	upstream := c.at.nodes[to.To][to.Port]
	if to.Packet {
		c.relays[name], err = c.server.AddPacket(name, listen, upstream, limits)
	} else {
		c.proxies[name], err = c.server.Add(name, listen, upstream)
	}
	return err
}

// chooseDisks finds the folder for the hosts' disks: in the run's own, unless
// they are to be kept.
func (c *cluster) chooseDisks(keep string) (err error) {
	if keep == "" {
		c.disksIn = c.scratch.path
		return nil
	}
	if c.disksIn, err = filepath.Abs(keep); err == nil {
		err = os.MkdirAll(c.disksIn, 0o755)
	}
	if err != nil {
		return fmt.Errorf("make a folder for the disks: %w", err)
	}
	locked, err := lockFolder(c.disksIn)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return fmt.Errorf("%w: another run uses these disks; end it, or take another folder", err)
	}
	c.inUse = locked.lock // none if this file system has no locks
	return nil
}

func (c *cluster) diskPath(host string) string { return filepath.Join(c.disksIn, "disk-"+host) }

// addDisk makes the disk of a host, unless another of its nodes had it made.
func (c *cluster) addDisk(host string) error {
	if c.disks[host] != nil {
		return nil
	}
	if err := os.MkdirAll(c.diskPath(host), 0o755); err != nil {
		return fmt.Errorf("make the disk of %s: %w", host, err)
	}
	d, err := openFolder(c.diskPath(host))
	if err != nil {
		return err
	}
	c.disks[host] = d
	return nil
}

// serveAPI lets toxiproxy-cli look at the run, and meddle with it.
func (c *cluster) serveAPI(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return errors.New("it may listen on a loopback address only, such as 127.0.0.1:8474")
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w; it serves one run at a time, so end the other or take another address", err)
	}
	c.apiAt = ln.Addr().String()
	c.api = &http.Server{Handler: c.server.Handler(), ReadHeaderTimeout: 5 * time.Second}
	c.apiDone.Go(func() { _ = c.api.Serve(ln) }) // ends with takeDown
	return nil
}

// takeDown ends all that setUp and the run began, and waits until it is gone.
func (c *cluster) takeDown() error {
	var errs []error
	for _, s := range c.seats {
		if p := s.last(); p != nil {
			p.doom()
			_ = p.cmd.Process.Kill() // fails only on a dead process
		}
	}
	for _, s := range c.seats {
		s.lives.Wait()
	}
	if c.api != nil {
		errs = append(errs, c.api.Close())
		c.apiDone.Wait()
	}
	if c.server != nil {
		errs = append(errs, c.server.Close())
	}
	if c.at != nil {
		c.at.release()
	}
	for _, d := range c.disks {
		errs = append(errs, d.root.Close())
	}
	if c.inUse != nil {
		errs = append(errs, c.inUse.Close())
	}
	if c.scratch.path != "" {
		errs = append(errs, c.scratch.remove())
	}
	if err := errors.Join(errs...); err != nil {
		c.fail(fmt.Errorf("clean up after the run: %w", err))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.failures...)
}

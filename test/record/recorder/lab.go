package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os/exec"
	"strings"
)

// prefix names every network namespace of the lab, so that cleaning up touches
// nothing else.
const prefix = "gwrec-"

// gatewaySpace is the namespace of the gateways, the shop and the bridge. The
// bridge lives there and not on the host: no packet can leave the lab.
const gatewaySpace = prefix + "gateways"

// Lab is the set of network namespaces, one for each client.
type Lab struct {
	spaces []string
}

// NewLab makes the gateways' namespace with its bridge and addresses.
func NewLab(ctx context.Context) (*Lab, error) {
	if err := removeLeftovers(ctx); err != nil {
		return nil, err
	}
	lab := &Lab{}
	if err := lab.addSpace(ctx, gatewaySpace); err != nil {
		lab.Close(ctx)
		return nil, err
	}
	lines := []string{"link add br0 type bridge", "link set br0 up"}
	for host := 10; host <= 15; host++ {
		lines = append(lines, fmt.Sprintf("addr add 203.0.113.%d/24 dev br0", host))
		lines = append(lines, fmt.Sprintf("addr add 2001:db8::%d/32 dev br0 nodad", host))
	}
	lines = append(lines, "route add 198.51.100.0/24 dev br0", "route add 192.0.2.0/24 dev br0")
	for _, line := range lines {
		if err := ip(ctx, gatewaySpace, line); err != nil {
			lab.Close(ctx)
			return nil, err
		}
	}
	return lab, nil
}

// AddClient makes the namespace of one actor and plugs it into the bridge.
func (l *Lab) AddClient(ctx context.Context, a Actor) error {
	space := a.Space()
	if err := l.addSpace(ctx, space); err != nil {
		return err
	}
	port := fmt.Sprintf("c%d", len(l.spaces))
	address := a.Address + "/24"
	if netip.MustParseAddr(a.Address).Is6() {
		address = a.Address + "/32 nodad"
	}
	if err := ip(ctx, space, "link add eth0 type veth peer name "+port+" netns "+gatewaySpace); err != nil {
		return err
	}
	if err := ip(ctx, gatewaySpace, "link set "+port+" master br0 up"); err != nil {
		return err
	}
	for _, line := range []string{
		"link set eth0 up", "addr add " + address + " dev eth0", "route replace 203.0.113.0/24 dev eth0",
	} {
		if err := ip(ctx, space, line); err != nil {
			return err
		}
	}
	return nil
}

// Close removes every namespace this lab made; the links go with them. It does
// so even if the recording was interrupted.
func (l *Lab) Close(ctx context.Context) {
	for _, space := range l.spaces {
		if err := host(context.WithoutCancel(ctx), "netns", "del", space); err != nil {
			progress("%v", err)
		}
	}
	l.spaces = nil
}

func (l *Lab) addSpace(ctx context.Context, space string) error {
	if err := host(ctx, "netns", "add", space); err != nil {
		return err
	}
	l.spaces = append(l.spaces, space)
	return ip(ctx, space, "link set lo up")
}

// removeLeftovers removes the namespaces of a run that was killed, unless a
// program still runs in one of them: then another recording is under way.
func removeLeftovers(ctx context.Context) error {
	list, err := exec.CommandContext(ctx, "ip", "netns", "list").Output()
	if err != nil {
		return fmt.Errorf("listing network namespaces: %w", err)
	}
	for line := range strings.Lines(string(list)) {
		space, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.HasPrefix(space, prefix) {
			continue
		}
		pids, err := exec.CommandContext(ctx, "ip", "netns", "pids", space).Output()
		if err != nil {
			return fmt.Errorf("looking into %s: %w", space, err)
		}
		if len(pids) > 0 {
			return errors.New("cleaning up: programs run in " + space + ", is another recording under way?")
		}
		if err := host(ctx, "netns", "del", space); err != nil {
			return err
		}
	}
	return nil
}

// ip runs one ip command, given as words, inside a namespace.
func ip(ctx context.Context, space, words string) error {
	return host(ctx, append([]string{"-n", space}, strings.Fields(words)...)...)
}

func host(ctx context.Context, arguments ...string) error {
	text, err := exec.CommandContext(ctx, "ip", arguments...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("running ip %s: %w: %s", strings.Join(arguments, " "), err, strings.TrimSpace(string(text)))
	}
	return nil
}

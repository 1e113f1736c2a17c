package kafka

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// ErrFenced is the end of a member whose name another process has taken: two that believe to be one would read the same
// partitions, and go on fencing each other.
var ErrFenced = errors.New("another process has joined the consumer group under this instance's name, so this one ends: give " +
	"each instance a data directory of its own, and delete the file named instance in one that was copied")

const (
	// defaultSession is how long a group waits for a silent member: longer than a process takes to start again, or to
	// get over a pause, and short where the machine is gone.
	defaultSession = 15 * time.Second
	// longestHeartbeat is how long a member takes at most to hear that the group changes.
	longestHeartbeat = 3 * time.Second
	// leaveTime is how long leaving may take: without it the group finds out by itself, after the session.
	leaveTime = 3 * time.Second
)

// membership is how the member is known to the group, and how soon it is missed.
func (g *Group) membership() []kgo.Opt {
	session := g.Session
	if session <= 0 {
		session = defaultSession
	}
	opts := []kgo.Opt{kgo.SessionTimeout(session), kgo.HeartbeatInterval(min(session/10, longestHeartbeat))}
	if g.Instance != "" {
		opts = append(opts, kgo.InstanceID(g.Instance))
	}
	return opts
}

// Close leaves the group, which gives back the partitions first, and closes the connections. It takes a few seconds at
// most. The client would wait for the answer to its joining, which comes when every member has joined again or is missed:
// one that waits is taken out of the group, which answers it.
func (c *Consumer) Close() {
	c.client.AllowRebalance()
	c.renewal.close()
	c.examiner.close()
	left := c.giveBack()
	if !c.stay && (!left || c.instance != "") {
		c.withdraw()
	}
	c.abandon() // or it would join again under another id
	c.client.Close()
	c.renewal.running.Wait()
	c.examiner.running.Wait()
}

// giveBack gives back the partitions, and leaves the group unless the member has a name; false when that takes too long.
func (c *Consumer) giveBack() bool {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	_ = c.client.LeaveGroupContext(ctx) // the group finds out by itself, after the session
	return ctx.Err() == nil
}

// withdraw has the group hand out the partitions of a named member at once, which closing the client would not: the group
// would wait for the name to come back. The member's id is told as well, so that one that was fenced cannot remove the
// process that has its name now.
func (c *Consumer) withdraw() {
	id, _ := c.client.GroupMetadata()
	if id == "" || c.fenced.Load() {
		return
	}
	member := kmsg.NewLeaveGroupRequestMember()
	member.MemberID, member.Reason = id, new("the instance stops")
	if c.instance != "" {
		member.InstanceID = &c.instance
	}
	req := kmsg.NewPtrLeaveGroupRequest()
	req.Group, req.Members = c.group, append(req.Members, member)
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	resp, err := req.RequestWith(ctx, c.client)
	if err == nil {
		err = kerr.ErrorForCode(resp.ErrorCode)
		for i := range resp.Members {
			err = errors.Join(err, kerr.ErrorForCode(resp.Members[i].ErrorCode))
		}
	}
	// Without a generation it has left already.
	if err != nil && !errors.Is(err, kerr.UnknownMemberID) {
		c.log.Warn("group not left, its partitions are handed out later", "group", c.group, "err", err)
	}
}

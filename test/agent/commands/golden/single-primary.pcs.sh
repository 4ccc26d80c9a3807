# In corosync.conf, totem { token: 1000  token_coefficient: 0 }: with three and more nodes the default
#   coefficient of 650 ms for each node beyond the second makes the token longer than it says, and the loss of a
#   node is noticed later by as much.

# pcs works on a copy of the CIB, so that nothing starts before its constraints are there
set -e
old=$(mktemp)
new=$(mktemp)
pcs cluster cib >"$old"
cp "$old" "$new"

# MISSING HERE, and only you know it: fencing. With stonith-enabled=true and no fencing device Pacemaker starts
#   nothing, and without fencing a node that is only cut off could go on taking writes. Fill in what follows,
#   for the agent that fits your machines (fence_ipmilan, fence_vmware_rest, fence_sbd, ...; "stonith_admin -I"
#   lists those installed), remove the marks of the comment, and let each device really cut the power once.
#   Leave it out where the cluster has devices for all these nodes already.
# pcs -f "$new" stonith create fence-alpha fence_ipmilan pcmk_host_list=alpha ip=ADDRESS username=USER password_script=/etc/heir/PROGRAM op monitor interval=60s timeout=60s
# pcs -f "$new" stonith create fence-beta fence_ipmilan pcmk_host_list=beta ip=ADDRESS username=USER password_script=/etc/heir/PROGRAM op monitor interval=60s timeout=60s
# pcs -f "$new" stonith create fence-gamma fence_ipmilan pcmk_host_list=gamma ip=ADDRESS username=USER password_script=/etc/heir/PROGRAM op monitor interval=60s timeout=60s
# pcs -f "$new" constraint location fence-alpha rule constraint-id=fence-alpha-away-from-home score=-INFINITY '#uname' eq alpha
# pcs -f "$new" constraint location fence-beta rule constraint-id=fence-beta-away-from-home score=-INFINITY '#uname' eq beta
# pcs -f "$new" constraint location fence-gamma rule constraint-id=fence-gamma-away-from-home score=-INFINITY '#uname' eq gamma

# db: the database server, one instance on each node
# credentials=/etc/heir/credentials.cnf: accounts and passwords, for root alone; the format sql shows its form
# start: InnoDB recovery of a crashed server takes minutes when its redo log is large
# stop: a stop that takes longer is fenced, and a large buffer pool takes its time to be written
# monitor Promoted: the death of a source is reported when it happens; one that hangs is looked at 1.5 s later
#   on average, for about 2 % of one core
# monitor Unpromoted: a replica that falls behind loses its readers within 10 s, and no interval may be that of
#   another role
# promote: a replica first applies all that it received, which takes as long as it is behind
# demote: sessions in the middle of a large transaction take long to roll back
# notify: it only stops and starts replication; a slow one must not hold up the promotion for longer
# migration-threshold=1: after a failure another node takes over at once, in 10 steps; recovery in place takes
#   13
# failure-timeout=15s: then the failure is forgotten, and the failed instance comes back as a replica without
#   help
# resource-stickiness=1: the promotion score alone decides who is promoted
# promotable=true: one instance is promoted and takes writes
# notify=true: replicas publish what they hold before a promotion, and follow after it
# clone-max=3: one instance for each of its nodes
# promoted-max=1: two sources at once are a split brain
# interleave=true: what depends on the clone waits for its own node alone
pcs -f "$new" resource create db ocf:heir:mysql \
  credentials=/etc/heir/credentials.cnf \
  op start interval=0s timeout=300s \
  op stop interval=0s timeout=120s \
  op monitor role=Promoted interval=3s timeout=20s \
  op monitor role=Unpromoted interval=10s timeout=20s \
  op promote interval=0s timeout=300s \
  op demote interval=0s timeout=120s \
  op notify interval=0s timeout=60s \
  meta migration-threshold=1 failure-timeout=15s resource-stickiness=1 \
  promotable db-clone
pcs -f "$new" resource meta db-clone \
  promotable=true notify=true clone-max=3 promoted-max=1 interleave=true

# db-writer: the address for writers
# resource-stickiness=0: the address follows the promoted role, and must not hold the role where it is
pcs -f "$new" resource create db-writer ocf:heartbeat:IPaddr2 \
  ip=10.0.0.100 cidr_netmask=24 nic=eth0 \
  op start interval=0s timeout=20s \
  op stop interval=0s timeout=20s \
  op monitor interval=10s timeout=20s \
  meta resource-stickiness=0

# db-reader-1: an address for readers
# resource-stickiness=1: it stays where it is among equal nodes, and still leaves the primary for a replica that
#   is fit again
pcs -f "$new" resource create db-reader-1 ocf:heartbeat:IPaddr2 \
  ip=10.0.0.101 cidr_netmask=24 nic=eth0 \
  op start interval=0s timeout=20s \
  op stop interval=0s timeout=20s \
  op monitor interval=10s timeout=20s \
  meta resource-stickiness=1

# db-reader-2: an address for readers
# resource-stickiness=1: it stays where it is among equal nodes, and still leaves the primary for a replica that
#   is fit again
pcs -f "$new" resource create db-reader-2 ocf:heartbeat:IPaddr2 \
  ip=10.0.0.102 cidr_netmask=24 nic=eth0 \
  op start interval=0s timeout=20s \
  op stop interval=0s timeout=20s \
  op monitor interval=10s timeout=20s \
  meta resource-stickiness=1

# further nodes of the cluster hold no copy of the data, and need neither the agent nor a server
pcs -f "$new" constraint location db-clone rule resource-discovery=never constraint-id=db-clone-only-on-its-nodes score=-INFINITY '#uname' ne alpha and '#uname' ne beta and '#uname' ne gamma

# writers reach the promoted instance and no other
pcs -f "$new" constraint colocation add db-writer with Promoted db-clone score=INFINITY id=db-writer-with-promoted

# the address comes up when writes are open
pcs -f "$new" constraint order promote db-clone then start db-writer kind=Mandatory symmetrical=false id=db-writer-after-promote

# the address goes down when writes are closed and every session has been told so
pcs -f "$new" constraint order demote db-clone then stop db-writer kind=Optional symmetrical=false id=db-writer-until-demote

# replicas that lag or do not replicate serve no readers
pcs -f "$new" constraint location db-reader-1 rule constraint-id=db-reader-1-only-where-readable score=-INFINITY not_defined readable or readable ne 1

# keeps the sum of the preferences below above zero: a negative sum would forbid the node
pcs -f "$new" constraint location db-reader-1 rule constraint-id=db-reader-1-where-readable score=1000 readable eq 1

# readers go to a replica, and to the primary when no replica is readable; they outlive a primary
pcs -f "$new" constraint colocation add db-reader-1 with Promoted db-clone score=-100 id=db-reader-1-off-the-primary

# replicas that lag or do not replicate serve no readers
pcs -f "$new" constraint location db-reader-2 rule constraint-id=db-reader-2-only-where-readable score=-INFINITY not_defined readable or readable ne 1

# keeps the sum of the preferences below above zero: a negative sum would forbid the node
pcs -f "$new" constraint location db-reader-2 rule constraint-id=db-reader-2-where-readable score=1000 readable eq 1

# readers go to a replica, and to the primary when no replica is readable; they outlive a primary
pcs -f "$new" constraint colocation add db-reader-2 with Promoted db-clone score=-100 id=db-reader-2-off-the-primary

# readers spread over the replicas, and share one rather than burden the primary
pcs -f "$new" constraint colocation add db-reader-2 with db-reader-1 score=-10 id=db-reader-2-apart-from-db-reader-1

# stonith-enabled=true: a node that does not answer is powered off before another one is promoted
# no-quorum-policy=stop: a minority closes its source and takes its addresses down
# transition-delay=100ms: without it the controller often sleeps a whole second after the loss of a node, before
#   it acts
# load-threshold=1000%: by default a load of 1.6 per core on any node makes the cluster take one action at a
#   time, just when a failover is due
# cluster-recheck-interval=60s: the longest time after which an expired failure is noticed, if the timer for it
#   should be missed
pcs -f "$new" property set \
  stonith-enabled=true \
  no-quorum-policy=stop \
  load-threshold=1000% \
  cluster-recheck-interval=60s
# --force: pcs knows no milliseconds, Pacemaker does
pcs -f "$new" property set --force \
  transition-delay=100ms

# the difference is pushed in one piece
pcs cluster cib-push "$new" diff-against="$old"
rm "$old" "$new"

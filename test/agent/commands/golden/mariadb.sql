# Run this as root on every node, or on the one whose data the others get: it stays out of the binary logs, so
#   that no node gets transactions that others lack
DO <<< put the password into CREATE USER below and into the file, then delete this line >>>;
SET SESSION sql_log_bin = 0;

# replicas log in with this account; to read binary logs is all that it may
CREATE USER IF NOT EXISTS 'heir_replication'@'%' IDENTIFIED BY <<< THE PASSWORD >>>;
GRANT REPLICATION SLAVE ON *.* TO 'heir_replication'@'%';

SET SESSION sql_log_bin = 1;

# /etc/heir/credentials.cnf on every node, owner root and mode 0600:
# [replication]
# user = heir_replication
# password = ...
#
# Only where root may not log in over the socket without a password, an account for the agent as well, which
#   then belongs into the section [agent] of /etc/heir/credentials.cnf:
# CREATE USER 'heir'@'localhost' IDENTIFIED BY '...';
# GRANT REPLICA MONITOR, BINLOG MONITOR, PROCESS, RELOAD, LOCK TABLES, SUPER ON *.* TO 'heir'@'localhost';
# GRANT REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, READ_ONLY ADMIN, CONNECTION ADMIN ON *.* TO
#   'heir'@'localhost';

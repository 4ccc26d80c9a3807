# Run this as root on every node, or on the one whose data the others get: it stays out of the binary logs, so
#   that no node gets transactions that others lack
DO <<< put the password into CREATE USER below and into the file, then delete this line >>>;
SET SESSION sql_log_bin = 0;
SET @super_read_only = @@GLOBAL.super_read_only;
SET GLOBAL super_read_only = OFF;

# replicas log in with this account; it may read binary logs, and, for "heir seed", copy the data by CLONE
CREATE USER IF NOT EXISTS 'heir_replication'@'%' IDENTIFIED BY <<< THE PASSWORD >>> REQUIRE SSL;
GRANT REPLICATION SLAVE, BACKUP_ADMIN ON *.* TO 'heir_replication'@'%';

SET GLOBAL super_read_only = @super_read_only;
SET SESSION sql_log_bin = 1;

# /etc/heir/credentials.cnf on every node, owner root and mode 0600:
# [replication]
# user = heir_replication
# password = ...
#
# Only where root may not log in over the socket without a password, an account for the agent as well, which
#   then belongs into the section [agent] of /etc/heir/credentials.cnf:
# CREATE USER 'heir'@'localhost' IDENTIFIED BY '...';
# GRANT REPLICATION CLIENT, REPLICATION SLAVE, PROCESS, RELOAD ON *.* TO 'heir'@'localhost';
# GRANT REPLICATION_SLAVE_ADMIN, SYSTEM_VARIABLES_ADMIN, CONNECTION_ADMIN, SYSTEM_USER ON *.* TO
#   'heir'@'localhost';
# GRANT SELECT ON performance_schema.* TO 'heir'@'localhost';
# GRANT INSERT ON mysql.plugin TO 'heir'@'localhost';

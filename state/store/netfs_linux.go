package store

import "golang.org/x/sys/unix"

// remote are the file system magics whose locks or shared memory do not hold
// between processes for sure. FUSE is among them because what is behind it
// cannot be told.
var remote = map[uint32]string{
	unix.NFS_SUPER_MAGIC:   "NFS",
	unix.SMB_SUPER_MAGIC:   "SMB",
	unix.SMB2_SUPER_MAGIC:  "SMB",
	unix.CIFS_SUPER_MAGIC:  "SMB",
	unix.FUSE_SUPER_MAGIC:  "FUSE",
	unix.V9FS_MAGIC:        "9p",
	unix.AFS_SUPER_MAGIC:   "AFS",
	unix.AFS_FS_MAGIC:      "AFS",
	unix.CEPH_SUPER_MAGIC:  "Ceph",
	unix.CODA_SUPER_MAGIC:  "Coda",
	unix.NCP_SUPER_MAGIC:   "NCP",
	unix.OCFS2_SUPER_MAGIC: "OCFS2",
	0x01161970:             "GFS2",
	0x0BD00BD0:             "Lustre",
	0x47504653:             "GPFS",
	0x19830326:             "BeeGFS",
	0xAAD7AAEA:             "PanFS",
	0x786F4256:             "VirtualBox shared folder",
}

// networkFS names the network file system dir is on; empty: none known.
func networkFS(dir string) string {
	var st unix.Statfs_t
	if err := statfs(dir, &st); err != nil {
		return ""
	}
	return remote[uint32(st.Type)]
}

// statfs is replaced by tests.
var statfs = unix.Statfs

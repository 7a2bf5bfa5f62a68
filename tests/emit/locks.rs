//! One build at a time.

use std::sync::mpsc;
use std::thread;

use stackgen::emit::{EmitError, ReadLock, WriteLock};

use crate::sandbox::Sandbox;

#[test]
fn the_second_build_waits_and_says_so() {
    let sandbox = Sandbox::new();
    let first = sandbox.lock();
    assert!(matches!(WriteLock::try_acquire(&sandbox.out()), Err(EmitError::Busy { .. })));
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        let second = scope.spawn(|| WriteLock::acquire(&sandbox.out(), move || tell.send(()).unwrap()));
        told.recv().unwrap();
        drop(first);
        assert!(second.join().unwrap().is_ok());
    });
    assert!(WriteLock::try_acquire(&sandbox.out()).is_ok());
}

#[test]
fn readers_share_and_keep_builds_out() {
    let sandbox = Sandbox::new();
    assert!(ReadLock::acquire(&sandbox.out(), || {}).unwrap().is_none(), "a folder that is not there needs no lock");
    drop(sandbox.lock());
    let one = ReadLock::acquire(&sandbox.out(), || panic!("nothing to wait for")).unwrap();
    let other = ReadLock::acquire(&sandbox.out(), || panic!("nothing to wait for")).unwrap();
    assert!(WriteLock::try_acquire(&sandbox.out()).is_err());
    drop((one, other));
    assert!(WriteLock::try_acquire(&sandbox.out()).unwrap().flush().is_ok());
}

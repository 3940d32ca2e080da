use super::*;

fn program(dir: &Path, script: &str) -> Program {
    Program {
        name: "child",
        path: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        log: dir.join("child.log"),
        pid_file: dir.join("child.pid"),
    }
}

/// Waits for the note of the child's id.
async fn pid_of(program: &Program) -> i32 {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Ok(text) = std::fs::read_to_string(&program.pid_file)
            && let Ok(pid) = text.trim().parse()
        {
            return pid;
        }
        assert!(Instant::now() < deadline, "the child did not start");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_program_that_ends_is_started_again_and_its_log_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let program = program(dir.path(), "echo last words; exit 7");
    let (mut handle, kept) = program.keep();
    handle.start();
    let both = tokio::time::timeout(Duration::from_secs(10), async {
        tokio::join!(kept, async {
            handle.ends.wait_for(|ends| ends.count >= 2).await.unwrap();
            handle.stop().await;
        })
    });
    both.await.unwrap();
    assert!(handle.ends.borrow().last.contains('7'), "{:?}", handle.ends.borrow());
    assert_eq!(program.last_words(1), "last words");
}

#[tokio::test]
async fn an_order_to_stop_leaves_no_process() {
    let dir = tempfile::tempdir().unwrap();
    let program = program(dir.path(), "exec sleep 600");
    let (mut handle, kept) = program.keep();
    handle.start();
    let ((), pid) = tokio::join!(kept, async {
        let pid = pid_of(&program).await;
        handle.stop().await;
        pid
    });
    assert!(kill(Pid::from_raw(pid), None).is_err(), "process {pid} is still there");
    assert!(!program.pid_file.exists());
}

#[tokio::test]
async fn a_fresh_start_is_another_process() {
    let dir = tempfile::tempdir().unwrap();
    let program = program(dir.path(), "exec sleep 600");
    let (mut handle, kept) = program.keep();
    handle.start();
    tokio::join!(kept, async {
        let first = pid_of(&program).await;
        handle.start();
        let deadline = Instant::now() + Duration::from_secs(10);
        while pid_of(&program).await == first {
            assert!(Instant::now() < deadline, "the child was not replaced");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        handle.stop().await;
    });
    assert_eq!(handle.ends.borrow().count, 0);
}

#[tokio::test]
async fn a_process_left_by_an_earlier_run_is_ended_and_a_stranger_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let ours = program(dir.path(), "read line");
    let shell = |script: &str| {
        std::process::Command::new("/bin/sh").args(["-c", script]).stdin(Stdio::piped()).spawn().unwrap()
    };
    let mut left = shell("read line");
    let mut stranger = shell("read other");

    std::fs::write(&ours.pid_file, stranger.id().to_string()).unwrap();
    ours.end_leftover();
    assert_eq!(stranger.try_wait().unwrap(), None);

    std::fs::write(&ours.pid_file, left.id().to_string()).unwrap();
    ours.end_leftover();
    assert!(!left.wait().unwrap().success());
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

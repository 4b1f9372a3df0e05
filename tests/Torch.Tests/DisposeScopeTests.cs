namespace LPZero.Torch.Tests;

public class DisposeScopeTests : TensorTest
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor x;
        using (var inner = NewDisposeScope())
        {
            x = ones([2]);
            Assert.True(inner.Contains(x));
            Assert.Equal(1, inner.DisposablesCount);
        }

        Assert.True(x.IsInvalid);
        Assert.ThrowsAny<InvalidOperationException>(() => Use(x));
    }

    [Fact]
    public void A_tensor_moved_out_belongs_to_the_outer_scope()
    {
        using var outer = NewDisposeScope();
        Tensor x;
        using (NewDisposeScope())
            x = ones([2]).MoveToOuterDisposeScope();

        Assert.False(x.IsInvalid);
        Assert.True(outer.Contains(x));
        outer.Dispose();
        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void A_detached_tensor_outlives_every_scope_until_it_is_disposed()
    {
        var before = LiveCount;
        Tensor x;
        using (NewDisposeScope())
            x = ones([2]).DetachFromDisposeScope();

        Assert.False(x.IsInvalid);
        Assert.Equal(before + 1, LiveCount);
        x.Dispose();
        x.Dispose();
        Assert.Equal(before, LiveCount);
    }

    [Fact]
    public void A_tensor_disposed_by_hand_leaves_its_scope()
    {
        using var inner = NewDisposeScope();
        var x = ones([2]);

        x.Dispose();

        Assert.Equal(0, inner.DisposablesCount);
    }

    [Fact]
    public void Everything_but_what_is_kept_can_be_disposed_while_the_scope_stays_open()
    {
        using var inner = NewDisposeScope();
        var kept = ones([2]);
        var dropped = ones([2]);

        Assert.Same(kept, inner.DisposeEverythingBut(kept));

        Assert.True(dropped.IsInvalid);
        Assert.False(kept.IsInvalid);
        inner.DisposeEverything();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void A_tensor_from_elsewhere_can_be_attached()
    {
        var x = ones([2]).DetachFromDisposeScope();
        using (var inner = NewDisposeScope())
        {
            inner.Attach(x);
            Assert.True(inner.Contains(x));
        }

        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void A_scope_sees_nothing_of_other_threads()
    {
        using var inner = NewDisposeScope();
        Tensor? other = null;
        long liveElsewhere = -1;
        var thread = new Thread(() =>
        {
            other = ones([2]);
            liveElsewhere = LiveCount;
            other.Dispose();
        });
        thread.Start();
        thread.Join();

        Assert.Equal(0, inner.DisposablesCount);
        Assert.Equal(1, liveElsewhere);
        Assert.True(other!.IsInvalid);
    }

    [Fact]
    public void Two_handles_of_the_same_memory_are_disposed_apart()
    {
        var x = ones([2]);
        var view = x.view(2, 1);

        x.Dispose();

        AssertTensor([2, 1], [1, 1], view);
    }

    [Fact]
    public void The_counts_tell_scoped_from_unscoped_tensors()
    {
        (long Outside, long Inside, long Live) counts = default;
        var thread = new Thread(() =>
        {
            using (var outside = ones([1]))
            {
                using (NewDisposeScope())
                    _ = ones([1]);
            }
            var statistics = DisposeScopeManager.Statistics;
            counts = (statistics.CreatedOutsideScopeCount, statistics.CreatedInScopeCount, statistics.ThreadTotalLiveCount);
        });
        thread.Start();
        thread.Join();

        Assert.Equal((1, 1, 0), counts);
    }

    private static void Use(Tensor x) => x.sum();
}

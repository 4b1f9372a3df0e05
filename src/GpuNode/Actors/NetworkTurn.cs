namespace LPZero.GpuNode.Actors;

/// <summary>
/// Which of the requests for one network that wait at the devices is worked on: the one that a device comes to first. The others are
/// withdrawn then, for two of one network are never worked on together.
/// </summary>
/// <param name="leaving">Withdraws all of them.</param>
internal sealed class NetworkTurn(CancellationToken leaving) : IDisposable
{
    private readonly CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(leaving);
    private PendingRequest? taker;

    /// <summary>The request that is worked on; null as long as no device has come to any. May be asked on any thread.</summary>
    public PendingRequest? Taker => Volatile.Read(ref taker);

    /// <summary>Takes the others back.</summary>
    public CancellationToken Withdrawn => over.Token;

    /// <summary>Called by a device that comes to a request, on its thread; says whether it is that one's turn.</summary>
    public bool Take(PendingRequest request)
    {
        if (Interlocked.CompareExchange(ref taker, request, null) is not null)
        {
            return false;
        }

        // At once, so that no device comes to one of them, which would cost its run a turn.
        over.Cancel();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => over.Dispose();
}

using LPZero.Messages.Entities;

namespace LPZero.GpuNode.Actors;

/// <summary>
/// What is asked of one network. The first request of each run is offered to the devices, which know whose turn it is; those behind it
/// wait for it.
/// </summary>
/// <param name="leaving">Withdraws what is offered.</param>
internal sealed class NetworkRequests(CancellationToken leaving) : IDisposable
{
    private readonly List<PendingRequest> pending = [];

    /// <summary>Whose turn it is.</summary>
    public NetworkTurn Turn { get; private set; } = new(leaving);

    /// <summary>How many there are.</summary>
    public int Count => pending.Count;

    /// <summary>All of them, in the order of their arrival.</summary>
    public IReadOnlyList<PendingRequest> All => pending;

    /// <summary>Puts one behind the others.</summary>
    public void Add(PendingRequest request) => pending.Add(request);

    /// <summary>The one that asks the same as a message; null where none does.</summary>
    public PendingRequest? Find(BatchRequest message) => pending.Find(request => request.IsSame(message));

    /// <summary>One that is to be offered now; null where none is, or one is worked on.</summary>
    public PendingRequest? NextToOffer() => Turn.Taker is null
        ? pending.DistinctBy(request => request.Message.Run).FirstOrDefault(request => !request.IsOffered)
        : null;

    /// <summary>Takes one out that is answered or refused; where it was its turn, that is over.</summary>
    public void Remove(PendingRequest request)
    {
        pending.Remove(request);
        if (Turn.Taker == request)
        {
            Turn.Dispose();
            Turn = new NetworkTurn(leaving);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Turn.Dispose();
}

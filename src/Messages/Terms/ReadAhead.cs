namespace LPZero.Messages.Terms;

/// <summary>
/// Reads what is stored of many networks in their order, a few of them side by side: most of reading is to decode what was read.
/// </summary>
public static class ReadAhead
{
    // A cluster's node has few connections to its database, and memory for few networks.
    private static readonly int Together = Math.Min(4, Environment.ProcessorCount);

    /// <summary>What is read of each item, in the order of the items, while the next ones are being read.</summary>
    /// <param name="items">The items.</param>
    /// <param name="read">Reads one, on any thread. Where it fails, so does taking its result.</param>
    public static async IAsyncEnumerable<TResult> InOrderAsync<T, TResult>(IEnumerable<T> items, Func<T, Task<TResult>> read)
    {
        var underWay = new Queue<Task<TResult>>();
        try
        {
            foreach (var item in items)
            {
                underWay.Enqueue(Task.Run(() => read(item)));
                if (underWay.Count == Together)
                {
                    yield return await underWay.Dequeue();
                }
            }

            while (underWay.TryDequeue(out var next))
            {
                yield return await next;
            }
        }
        finally
        {
            // Whoever takes no more may close what is read from.
            await Task.WhenAll((IEnumerable<Task>)underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

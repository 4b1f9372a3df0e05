using LPZero.Messages.Terms;

namespace LPZero.Messages.Tests;

public sealed class ReadAheadTests
{
    [Fact]
    public async Task Items_come_in_their_order_whichever_is_read_first()
    {
        var second = new TaskCompletionSource();
        var read = new List<int>();

        await foreach (var item in ReadAhead.InOrderAsync(Enumerable.Range(0, 50), ReadAsync))
        {
            read.Add(item);
        }

        Assert.Equal(Enumerable.Range(0, 50), read);

        async Task<int> ReadAsync(int item)
        {
            // Where a single one can be read at a time, nobody waits for the second.
            if (item == 0 && Environment.ProcessorCount > 1)
            {
                await second.Task;
            }
            else if (item == 1)
            {
                second.SetResult();
            }

            return item;
        }
    }

    [Fact]
    public async Task What_cannot_be_read_fails_after_those_before_it_and_what_is_under_way_ends_first()
    {
        var (begun, ended) = (0, 0);
        var read = new List<int>();

        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var item in ReadAhead.InOrderAsync(Enumerable.Range(0, 50), ReadAsync))
            {
                read.Add(item);
            }
        });

        Assert.Equal(Enumerable.Range(0, 20), read);
        Assert.Equal(begun, ended);

        async Task<int> ReadAsync(int item)
        {
            Interlocked.Increment(ref begun);
            await Task.Yield();
            Interlocked.Increment(ref ended);
            return item == 20 ? throw new InvalidDataException("damaged") : item;
        }
    }
}

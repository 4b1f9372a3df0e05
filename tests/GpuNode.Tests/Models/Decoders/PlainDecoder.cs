using LPZero.GpuNode.Models.Decoders;

namespace LPZero.GpuNode.Tests.Models.Decoders;

/// <summary>
/// A decoder in loops over numbers, written from the papers and apart from the program's own: what it computes for one sequence.
/// </summary>
internal sealed class PlainDecoder(DecoderShape shape, Func<string, double[,]> weights)
{
    private const double Epsilon = 1e-5;

    /// <summary>Hidden states after the embedding and after each layer.</summary>
    public List<double[][]> States(int[] tokens)
    {
        var hidden = tokens.Select(Embed).ToArray();
        var all = new List<double[][]> { hidden };
        for (var index = 0; index < shape.Layers.Length; index++)
        {
            all.Add(hidden = Layer($"layer.{index}.", shape.Layers[index], hidden));
        }

        return all;
    }

    /// <summary>The mean of -ln p of each token but the first.</summary>
    public double Loss(int[] tokens)
    {
        var hidden = States(tokens)[^1].Select(state => Norm("norm.last", state)).ToArray();
        var sum = 0.0;
        for (var t = 0; t + 1 < tokens.Length; t++)
        {
            sum -= LogProbability(hidden[t], tokens[t + 1]);
        }

        return sum / (tokens.Length - 1);
    }

    private double[] Embed(int token, int position)
    {
        var embedding = shape.Embedding;
        var cluster = embedding.Divisor == 1 ? 0 : embedding.Ends.TakeWhile(end => token >= end).Count();
        var row = Row(weights($"token.{cluster}.weight"), token - (cluster == 0 ? 0 : embedding.Ends[cluster - 1]));
        var wide = HasProjections ? Times(weights($"token.{cluster}.projection.weight"), row) : row;
        var scale = shape.IsEmbeddingScaled ? Math.Sqrt(shape.Hidden) : 1;
        return [.. wide.Select((x, i) => (x * scale) + (shape.Positions > 0 ? weights("position.weight")[position, i] : 0))];
    }

    private bool HasProjections => shape.Embedding.Divisor > 1 || shape.Embedding.Width != shape.Hidden;

    private double[][] Layer(string prefix, DecoderLayer layer, double[][] input)
    {
        var normed = input.Select(state => Norm(prefix + "norm.attention", state)).ToArray();
        var attended = Attention(prefix, layer, normed);
        var mixed = input.Zip(attended, Add).ToArray();
        var source = shape.IsParallel ? input : mixed;
        return [.. mixed.Zip(source, (m, s) => Add(m, FeedForward(prefix, Norm(prefix + "norm.feed_forward", s))))];
    }

    private double[][] Attention(string prefix, DecoderLayer layer, double[][] states)
    {
        var (queries, keys) = (Heads("query"), Heads("key"));
        var values = states.Select(state => Linear(prefix + "attention.value", state)).ToArray();
        return [.. Enumerable.Range(0, states.Length).Select(t =>
        {
            var context = new double[layer.HeadsWidth];
            for (var head = 0; head < layer.Heads; head++)
            {
                var start = head * layer.HeadWidth;
                var query = Rotate(queries[t][start..(start + layer.HeadWidth)], t);
                var weightsOfTimes = Softmax([.. Enumerable.Range(0, t + 1).Select(s =>
                    Dot(query, Rotate(keys[s][start..(start + layer.HeadWidth)], s)) / Math.Sqrt(layer.HeadWidth))]);
                for (var i = 0; i < layer.HeadWidth; i++)
                {
                    context[start + i] = Enumerable.Range(0, t + 1).Sum(s => weightsOfTimes[s] * values[s][start + i]);
                }
            }

            return Linear(prefix + "attention.output", context);
        })];

        double[][] Heads(string name) => [.. states.Select(state =>
        {
            var all = Linear(prefix + "attention." + name, state);
            return shape.HasQueryKeyNorm ? Standardize(all) : all;
        })];
    }

    private double[] Rotate(double[] head, int position)
    {
        var pairs = (int)(shape.RotaryShare * head.Length) / 2;
        var turned = (double[])head.Clone();
        for (var i = 0; i < pairs; i++)
        {
            var angle = position / Math.Pow(10000, (double)i / pairs);
            turned[i] = (head[i] * Math.Cos(angle)) - (head[i + pairs] * Math.Sin(angle));
            turned[i + pairs] = (head[i] * Math.Sin(angle)) + (head[i + pairs] * Math.Cos(angle));
        }

        return turned;
    }

    private double[] FeedForward(string prefix, double[] state)
    {
        var wide = Linear(prefix + "feed_forward.input", state);
        double[] active = shape.FeedForward switch
        {
            FeedForwardKind.GeluTanh =>
                [.. wide.Select(x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))))],
            FeedForwardKind.Gelu => [.. wide.Select(x => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))))],
            _ => [.. wide.Zip(Linear(prefix + "feed_forward.gate", state), (x, gate) => x * gate / (1 + Math.Exp(-gate)))],
        };
        return Linear(prefix + "feed_forward.output", active);
    }

    private double LogProbability(double[] state, int token)
    {
        var embedding = shape.Embedding;
        if (embedding.Ends.Length == 1)
        {
            return Math.Log(Softmax(Times(weights(shape.IsTied ? "token.0.weight" : "output.weight"), state))[token]);
        }

        var narrow = HasProjections ? Transposed(weights("output.projection.weight"), state) : state;
        var first = embedding.Ends[0];
        var shifts = weights("output.bias");
        var clusterRows = Times(weights("output.cluster.weight"), narrow);
        var head = Softmax(
        [
            .. Enumerable.Range(0, first).Select(i => Dot(Row(weights("token.0.weight"), i), narrow) + shifts[0, i]),
            .. clusterRows.Select((x, i) => x + weights("output.cluster.bias")[0, i]),
        ]);
        if (token < first)
        {
            return Math.Log(head[token]);
        }

        var cluster = embedding.Ends.TakeWhile(end => token >= end).Count();
        var (start, end) = (embedding.Ends[cluster - 1], embedding.Ends[cluster]);
        var table = embedding.Divisor == 1 ? 0 : cluster;
        var tailState = HasProjections ? Transposed(weights($"token.{table}.projection.weight"), state) : state;
        var offset = embedding.Divisor == 1 ? start : 0;
        var tail = Softmax([.. Enumerable.Range(0, end - start).Select(
            i => Dot(Row(weights($"token.{table}.weight"), offset + i), tailState) + shifts[0, start + i])]);
        return Math.Log(head[^cluster]) + Math.Log(tail[token - start]);
    }

    private double[] Norm(string name, double[] state)
    {
        var gain = weights(name + ".weight");
        var scaled = shape.Normalization == Normalization.RmsNorm
            ? [.. state.Select(x => x / Math.Sqrt((state.Sum(y => y * y) / state.Length) + Epsilon))]
            : Standardize(state);
        var shift = shape.Normalization == Normalization.LayerNorm ? weights(name + ".bias") : null;
        return [.. scaled.Select((x, i) => (x * gain[0, i]) + (shift?[0, i] ?? 0))];
    }

    private static double[] Standardize(double[] state)
    {
        var mean = state.Average();
        var deviation = Math.Sqrt(state.Average(x => (x - mean) * (x - mean)) + Epsilon);
        return [.. state.Select(x => (x - mean) / deviation)];
    }

    private double[] Linear(string name, double[] input)
    {
        var output = Times(weights(name + ".weight"), input);
        if (shape.HasBiases)
        {
            var bias = weights(name + ".bias");
            output = [.. output.Select((x, i) => x + bias[0, i])];
        }

        return output;
    }

    private static double[] Times(double[,] matrix, double[] x) =>
        [.. Enumerable.Range(0, matrix.GetLength(0)).Select(i => Dot(Row(matrix, i), x))];

    private static double[] Transposed(double[,] matrix, double[] x) =>
        [.. Enumerable.Range(0, matrix.GetLength(1)).Select(j => Enumerable.Range(0, x.Length).Sum(i => matrix[i, j] * x[i]))];

    private static double[] Row(double[,] matrix, int row) =>
        [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

    private static double Dot(double[] left, double[] right) => left.Zip(right, (x, y) => x * y).Sum();

    private static double[] Add(double[] left, double[] right) => [.. left.Zip(right, (x, y) => x + y)];

    private static double[] Softmax(double[] x)
    {
        var largest = x.Max();
        var sum = x.Sum(y => Math.Exp(y - largest));
        return [.. x.Select(y => Math.Exp(y - largest) / sum)];
    }

    /// <summary>By its series, which converges quickly for the small numbers here.</summary>
    private static double Erf(double x)
    {
        var (sum, term) = (0.0, x);
        for (var n = 0; n < 60; n++)
        {
            sum += term / ((2 * n) + 1);
            term *= -x * x / (n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
